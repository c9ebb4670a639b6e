import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// The coordinator in a process of its own, over one connection that is made again whenever it is lost.
actor CoordinatorElsewhere: CoordinatorAccess {
    /// Whom the link concerns.
    struct Listeners: Sendable {
        var tell: @Sendable (OrchestratorInput) -> Void
        /// Peers must learn of a place or cluster that they did not know.
        var moved: @Sendable () -> Void
        /// The coordinator serves another orchestrator: this process has nothing to do.
        var refused: @Sendable (String) -> Void
    }

    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let address: SocketAddress
    private var claim: Proto.Seat
    private var file: SeatFile
    private let software: String
    private let compressor: any ByteCompressor
    private let whereabouts: Whereabouts
    private let listeners: Listeners
    private let log: Logger

    private var pull = ReceiptPull(position: 0)
    private var give: (@Sendable (ReceiptPage) -> Void)?
    private var giveRatings: (@Sendable ([NodeRating]) -> Void)?
    private var client: Client?
    private var clientNumber = 0
    private var oldClients: [Client] = []
    private var backoff = Backoff(base: Limits.reconnectBase, cap: Limits.unavailableRetry * 5)
    private var random = SystemRandom()
    private var retry: LoopTimer?
    private var isThere = false
    private var isStopped = false

    private static let leasesAtOnce = 10_000  // in one MarkLate, of about 60 bytes each

    init(
        _ address: SocketAddress, claim: Proto.Seat, file: SeatFile, software: String, loop: EventLoop,
        compressor: any ByteCompressor, whereabouts: Whereabouts, listeners: Listeners, log: Logger
    ) {
        self.address = address
        self.claim = claim
        self.file = file
        self.software = software
        self.loop = loop
        self.compressor = compressor
        self.whereabouts = whereabouts
        self.listeners = listeners
        self.log = log
    }

    private nonisolated func onLoop(_ body: @escaping @Sendable (isolated CoordinatorElsewhere) -> Void) {
        loop.execute { [self] in assumeIsolated { body($0) } }
    }

    // MARK: What the orchestrator wants

    /// Begins the connection; the coordinator tells others where the orchestrator is to be reached.
    func begin(servingAt address: String) {
        claim.address = address
        connect()
    }

    nonisolated func followReceipts(after position: UInt64, _ give: @escaping @Sendable (ReceiptPage) -> Void) {
        onLoop { link in
            link.give = give
            link.perform(link.pull.restarted(at: position))
        }
    }

    /// They are asked for anew with the receipts, by `followReceipts`, which comes after this.
    nonisolated func followRatings(_ give: @escaping @Sendable ([NodeRating]) -> Void) {
        onLoop { $0.giveRatings = give }
    }

    nonisolated func receiptsRead(to position: UInt64) {
        onLoop { $0.perform($0.pull.stored(position)) }
    }

    func enforce(_ order: QuotaOrder) async -> Bool {
        guard case .enforceQuotasReply = await ask(.enforceQuotas(Proto.EnforceQuotas(order))) else { return false }
        return true
    }

    func markLate(_ leases: [LeaseRef]) async -> Bool {
        var rest = leases[...]
        while !rest.isEmpty {
            let part = rest.prefix(CoordinatorElsewhere.leasesAtOnce)
            rest = rest.dropFirst(part.count)
            let body = Proto.MarkLate(leases: part.map(\.wire))
            guard case .markLateReply = await ask(.markLate(body)) else { return false }
        }
        return true
    }

    /// Nil when it is away: who asked, asks again when it is back.
    private func ask(_ body: Proto.Envelope.Body) async -> Proto.Envelope.Body? {
        guard isThere, let client else { return nil }
        do throws(ClientError) {
            return try await client.request(body)
        } catch {
            log.warning("the coordinator did not answer", ["error": .of(error)])
            return nil
        }
    }

    // MARK: The connection

    private func connect() {
        guard !isStopped else { return }
        retry = nil
        clientNumber += 1
        var hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .orchestrator,
            name: "orchestrator", software: software)
        hello.seat = claim
        var options = Client.Options(address: address, hello: hello)
        options.reconnectCap = Limits.unavailableRetry * 5
        let number = clientNumber
        let client = Client(options, loop: loop, context: Connection.Context(compressor: compressor)) { [weak self] in
            let event = $0
            self?.assumeIsolated { $0.take(event, of: number) }
        }
        self.client = client
        client.start()
    }

    private func take(_ event: Client.Event, of number: Int) {
        guard number == clientNumber, client != nil, !isStopped else { return }
        switch event {
        case .connected(let welcome): welcomed(welcome)
        case .message(.nodeOutOfCredit(let notice)):
            listeners.tell(.outOfCredit(node: notice.node, .milliseconds(UInt64(notice.retryAfterMs))))
        case .message: break
        case .answer(let tag, let result): answered(tag, result)
        case .disconnected(.turnedAway(_, let error), _) where error.code != .unavailable && error.retryAfterMs == 0:
            listeners.refused("\(address) turned this orchestrator away: \(error.message)")
        case .disconnected(let error, _):
            whereabouts.update { $0.absence = "the coordinator is away: \(error)" }
            perform(pull.disconnected())
        }
    }

    private func welcomed(_ welcome: Proto.Welcome) {
        guard welcome.serves == .coordinator else {
            return listeners.refused("\(address) is no coordinator; give --coordinator the address of one")
        }
        let cluster = ClusterName(id: Array(welcome.clusterId), incarnation: welcome.incarnation)
        do throws(LedgerError) {
            try file.belongs(to: cluster)
        } catch {
            return listeners.refused("\(error)")
        }
        claim.clusterId = welcome.clusterId
        // An operator's word counts once: who takes the seat after this one has it.
        claim.takeOver = false
        let isNews = whereabouts.update {
            $0.cluster = cluster
            if !welcome.coordinatorAddress.isEmpty { $0.coordinator = welcome.coordinatorAddress }
        }
        if isNews { listeners.moved() }
        log.info("coordinator found", ["address": .of(address), "software": .text(welcome.software)])
        perform(pull.connected())
    }

    private func answered(_ tag: UInt64, _ result: Result<Proto.Envelope.Body, ClientError>) {
        guard case .success(.receiptPages(let answer)) = result else {
            if case .failure(let error) = result {
                whereabouts.update { $0.absence = "the coordinator is away: \(error)" }
            }
            return perform(pull.failed(tag))
        }
        let pages = answer.pages.compactMap(\.page)
        guard pages.count == answer.pages.count else {
            log.error("a receipt from the coordinator makes no sense")
            return perform(pull.failed(tag))
        }
        backoff.reset()
        let ratings = answer.ratings.map(NodeRating.init)
        perform(pull.answered(tag, last: pages.last?.position, ratings: ratings.isEmpty ? nil : answer.ratingsVersion))
        if !ratings.isEmpty { giveRatings?(ratings) }
        for page in pages { give?(page) }
    }

    private func perform(_ actions: [ReceiptPull.Action]) {
        for action in actions {
            switch action {
            case .read(let position, let ratings, let number, let waits):
                let wait = waits ? Limits.receiptWait : .zero
                let ask = Proto.ReadReceipts(
                    after: position, waitMs: wait.wireMilliseconds, ratingsAfter: ratings)
                client?.ask(.readReceipts(ask), tag: number, timeout: wait + Limits.requestTimeout)
            case .tellAway:
                isThere = false
                log.warning("coordinator is away")
                listeners.tell(.coordinatorAway)
            case .tellBack:
                isThere = true
                whereabouts.update { $0.absence = nil }
                log.info("coordinator is there")
                listeners.tell(.coordinatorBack)
            case .reconnect: reconnect()
            }
        }
    }

    private func reconnect() {
        guard let old = client else { return }
        client = nil
        oldClients.append(old)
        Task {
            await old.leave()
            oldClients.removeAll { $0 === old }
        }
        retry = loop.schedule(after: backoff.next(&random)) { [weak self] in self?.assumeIsolated { $0.connect() } }
    }

    func stop() async {
        isStopped = true
        retry = nil
        for client in oldClients + [client].compactMap(\.self) { await client.stop(reason: "the orchestrator stops") }
        client = nil
    }
}
