import Compression
import Fetching
package import Lifecycle
package import Model
import Storage
import Synchronization
package import Telemetry
import Transport
package import Wire

/// A node as a process runs it: the core and the spool on a thread of their own, sockets on an event loop.
package actor NodeService: Service {
    enum Event: Sendable {
        case input(NodeInput)
        /// Of the client with this number; what an older one still says is not heard.
        case client(HubLinks.Place, Int, Client.Event)
    }

    package nonisolated let name = "node"
    package nonisolated let configuration: NodeConfiguration
    nonisolated let thread: WorkerThread
    nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    let log: Logger
    let time: any TimeSource
    private let failed: @Sendable (any Error) -> Void
    private let directive: @Sendable (Proto.ChaosDirective) -> Void
    private let connections: Connection.Context

    private var lock: DirectoryLock?
    private var core: NodeCore?
    private var inbox: Inbox<Event>?
    var collections: CollectionTasks?
    private var budgets: HostBudgets?
    private let board = StatusServer()
    private let owner = Mutex("")
    private var shownAt = Instant.zero
    private var places = HubLinks()
    private var links: [HubLinks.Place: HubLink] = [:]
    private var oldClients: [Client] = []
    private var random = SystemRandom()
    private var whenStopped: [CheckedContinuation<Void, Never>] = []
    private var isStopped = false

    /// `directive` is told what fault the hub wants this process to suffer; `failed` is told when the spool can no
    /// longer be trusted; the process should then end, and start again.
    package init(
        _ configuration: NodeConfiguration, log: Logger, time: any TimeSource = SystemTime(),
        directive: @escaping @Sendable (Proto.ChaosDirective) -> Void = { _ in },
        failed: @escaping @Sendable (any Error) -> Void
    ) throws(ThreadError) {
        self.configuration = configuration
        self.log = log.with(["node": .text(configuration.name)])
        self.time = time
        self.failed = failed
        self.directive = directive
        thread = try WorkerThread(name: "node")
        loop = try EventLoop(name: "node-loop")
        connections = Connection.Context(compressor: Zstd())
    }

    // MARK: Life

    package func start() async throws {
        try check()
        lock = try DirectoryLock(directory: configuration.dataDirectory)
        let spool = try Spool.open(
            path: configuration.dataDirectory + "/spool.db", limit: configuration.spoolBytes, compressor: Zstd(),
            random: &random)
        let name = spool.instance.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        owner.withLock { $0 = name }
        // A node that was killed left its programs behind.
        if startsPrograms { ProgramStart.endStrays(of: name) }
        let core = NodeCore(
            spool: spool,
            identity: NodeIdentity(
                capabilities: configuration.kinds.map(\.rawValue), capacity: configuration.capacity,
                labels: configuration.labels),
            random: random)
        self.core = core
        let inbox = Inbox<Event>(on: thread) { events in self.assumeIsolated { $0.take(events) } }
        self.inbox = inbox
        budgets = HostBudgets { inbox.append(.input(.budgetWanted(host: $0))) }
        collections = CollectionTasks(tools: try tools(core), yield: { inbox.append(.input($0)) })
        try board.start(on: loop, configuration.statusAddress, directory: configuration.dataDirectory)
        log.info(
            "spool opened", ["items": .number(spool.items), "bytes": .number(spool.bytes)])
        connect(.door)
    }

    /// Drains. When its task is cancelled it stops at once; what is spooled stays spooled.
    package nonisolated func stop() async {
        await withTaskCancellationHandler {
            await drained()
        } onCancel: {
            thread.execute { self.assumeIsolated { $0.stopped() } }
        }
        await shutDown()
        loop.stop()
        thread.stop()
    }

    package nonisolated func abandon() {
        let name = owner.withLock { $0 }
        if startsPrograms, !name.isEmpty { ProgramStart.endStrays(of: name) }
    }

    private nonisolated var startsPrograms: Bool {
        !configuration.settings.programs.isEmpty || !configuration.settings.notebooks.isEmpty
    }

    private func drained() async {
        guard !isStopped, let inbox else { return }
        inbox.append(.input(.drain))
        await withCheckedContinuation { whenStopped.append($0) }
    }

    private func stopped() {
        isStopped = true
        whenStopped.forEach { $0.resume() }
        whenStopped = []
    }

    private func shutDown() async {
        isStopped = true
        thread.clearWake(for: self)
        budgets?.close()
        await collections?.close()
        await board.stop()
        for client in oldClients + links.values.compactMap(\.client) {
            await client.stop(reason: "the node has stopped")
        }
        core?.close()
        core = nil
        lock = nil
    }

    private func check() throws(NodeError) {
        guard Proto.Hello(name: configuration.name).hasGoodName else {
            throw .badName(configuration.name)
        }
        guard configuration.capacity > 0 else { throw .noCapacity }
    }

    private func tools(_ core: NodeCore) throws -> CollectorTools {
        let roots = try configuration.allowedRoots.map { path throws(NodeError) in
            guard let root = FileRoot(path) else { throw .badRoot(path) }
            return root
        }
        let rules = AddressRules(
            allowed: configuration.allowPrivateHosts, hasContact: configuration.contact?.isEmpty == false)
        let fetcher = try Fetcher(on: loop, rules: rules, time: time)
        let agent = configuration.userAgent
        let visitor = Visitor(
            fetcher: fetcher, gate: HostGate(on: loop, time: time),
            robots: RobotsBook(fetcher, userAgent: agent, time: time), userAgent: agent, time: time,
            budget: { [weak self] host in await self?.budget(of: host) })
        return CollectorTools(
            visitor: visitor, extraction: try Extraction(), roots: roots, settings: configuration.settings,
            time: time, owner: owner.withLock { $0 },
            mark: {
                var random = SystemRandom()
                return random.next()
            },
            // A digest that cannot be read is one that is not known: the page is fetched whole.
            digest: { mark in (try? core.digest(of: mark)) ?? nil })
    }

    private func budget(of host: String) async -> Proto.HostBudget? {
        guard !isStopped, let budgets else { return nil }
        if let known = budgets.budget(of: host, now: time.now()) { return known }
        return await withCheckedContinuation { budgets.wait(for: host, $0) }
    }

    // MARK: Connection

    private func connect(_ place: HubLinks.Place) {
        guard let address = place == .door ? configuration.hub : places.otherAddress else { return }
        var options = Client.Options(
            address: address,
            hello: Proto.Hello(
                versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .node,
                name: configuration.name, software: "rookery/\(configuration.version)"))
        options.persistence = .always
        var link = links[place] ?? HubLink()
        link.number += 1
        let number = link.number
        let client = Client(options, loop: loop, context: connections) { [inbox] event in
            inbox?.append(.client(place, number, event))
        }
        link.client = client
        links[place] = link
        client.start()
    }

    /// Leaves this connection and makes another after a while.
    private func reconnect(_ part: HubLinks.Part, _ reason: String, retryAfter: Span) {
        log.warning("leaving the connection", ["reason": .text(reason)])
        let old = links[places.place(of: part)]?.leave(retryAfter, now: time.now(), &random)
        if let old { leave(old) }
    }

    private func leave(_ old: Client) {
        oldClients.append(old)
        Task {
            await old.leave()
            oldClients.removeAll { $0 === old }
        }
    }

    /// The other role is elsewhere now, or where the door leads.
    private func moved() -> [NodeInput] {
        if let old = links[.other]?.client {
            links[.other]?.client = nil
            leave(old)
        }
        links[.other]?.reconnect = nil
        connect(.other)
        return [.coordinatorDisconnected, .disconnected]
    }

    // MARK: One turn

    private func take(_ events: [Event]) {
        guard let core, !isStopped else { return }
        let now = time.now()
        for place in [HubLinks.Place.door, .other] {
            if let due = links[place]?.due, due <= now { connect(place) }
        }
        do throws(StorageError) {
            for effect in try core.handle(events.flatMap(inputs), now: now, wall: time.wall()) { perform(effect) }
        } catch {
            log.error("the spool failed", ["error": .of(error)])
            stopped()
            return failed(error)
        }
        show(core, now)
        wake(core)
    }

    /// Not with every turn: nobody reads so fast.
    private func show(_ core: NodeCore, _ now: Instant) {
        guard now.since(shownAt) >= NodeLimits.statusAge || core.collections.count == 0 else { return }
        shownAt = now
        var status = core.status(now: now) { [collections] lease in collections?.what(lease) }
        status.name = configuration.name
        status.capacity = configuration.capacity
        status.spoolLimit = configuration.spoolBytes
        board.show(status)
    }

    private func wake(_ core: NodeCore) {
        let reconnects = links.values.compactMap(\.due)
        guard let next = ([core.nextDeadline].compactMap(\.self) + reconnects).min() else {
            return thread.clearWake(for: self)
        }
        thread.setWake(for: self, at: next) { self.assumeIsolated { $0.take([.input(.tick)]) } }
    }

    private func inputs(_ event: Event) -> [NodeInput] {
        switch event {
        case .input(let input): return [input]
        case .client(let place, let number, let event):
            guard let link = links[place], link.number == number, link.client != nil else { return [] }
            return inputs(event, at: place)
        }
    }

    private func inputs(_ event: Client.Event, at place: HubLinks.Place) -> [NodeInput] {
        switch event {
        case .connected(let welcome):
            let news = places.welcomed(at: place, welcome) ? moved() : []
            let part = places.part(place)
            log.info(
                "connected", ["hub": .of(address(place)), "software": .text(welcome.software), "for": .text(part.word)])
            return news + [part == .intake ? .coordinatorConnected(welcome) : .connected(welcome)]
        case .message(.chaosDirective(let fault)):
            directive(fault)
            return []
        case .message(let body): return [.message(Proto.Envelope(body: body))]
        case .answer(let tag, .success(let body)): return [.message(Proto.Envelope(inReplyTo: tag, body: body))]
        case .answer(let tag, .failure(.refused(let error))):
            return [.message(Proto.Envelope(inReplyTo: tag, body: .error(error)))]
        case .answer: return []  // the core has a time for every answer, and the loss follows
        case .disconnected(let error, _):
            log.warning("not connected", ["reason": .of(error)])
            return [places.part(place) == .intake ? .coordinatorDisconnected : .disconnected]
        }
    }

    private func address(_ place: HubLinks.Place) -> SocketAddress {
        place == .other ? places.otherAddress ?? configuration.hub : configuration.hub
    }

    private func send(_ envelope: Proto.Envelope, to part: HubLinks.Part) {
        guard let body = envelope.body, let client = links[places.place(of: part)]?.client else { return }
        if envelope.id == 0 { client.tell(body) } else { client.ask(body, tag: envelope.id) }
    }

    private func perform(_ effect: NodeEffect) {
        switch effect {
        case .send(let envelope): send(envelope, to: .leases)
        case .sendToCoordinator(let envelope): send(envelope, to: .intake)
        case .startCollecting(let assignment):
            board.metrics.started.add()
            collections?.start(assignment, on: self)
        case .resumeCollector(let lease): collections?.resume(lease)
        case .stopCollecting(let lease, let reason):
            log.info("collection stopped", ["lease": .number(lease), "reason": .text(reason)])
            collections?.stop(lease)
        case .budget(let host, let budget): budgets?.told(budget, of: host, now: time.now())
        case .ended(let outcome):
            let what = collections?.what(outcome.lease.lease)
            collections?.stop(outcome.lease.lease)
            board.metrics.ended(outcome, type: what?.type ?? "unknown")
            log.info("collected", outcome.logged(what))
        case .reconnect(let reason, let retryAfter): reconnect(.leases, reason, retryAfter: retryAfter)
        case .reconnectToCoordinator(let reason, let retryAfter):
            reconnect(.intake, reason, retryAfter: retryAfter)
        case .stopped(let undelivered):
            log.info("drained", ["undelivered": .number(undelivered)])
            stopped()
        }
    }
}

extension Outcome {
    func logged(_ what: (type: String, location: String)?) -> Logger.Metadata {
        [
            "type": .text(what?.type ?? "unknown"),
            "location": .text(what?.location.prefix(utf8: NodeLimits.outcomeError) ?? ""),
            "lease": .number(lease.lease), "outcome": .text(result.kind.word), "items": .number(items),
            "ms": .number(duration.milliseconds), "status": .number(result.status), "error": .text(result.error),
        ]
    }
}

extension Proto.OutcomeKind {
    var word: String {
        switch self {
        case .collected: "collected"
        case .failedTarget: "failed_target"
        case .failedNode: "failed_node"
        case .failedContent: "failed_content"
        case .unspecified, .unrecognized: "unknown"
        }
    }
}
