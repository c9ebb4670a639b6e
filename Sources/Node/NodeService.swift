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
        case client(Int, Client.Event)
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
    private var client: Client?
    private var clientNumber = 0
    private var oldClients: [Client] = []
    private var backoff = Backoff(base: Limits.reconnectBase, cap: Limits.reconnectCap)
    private var random = SystemRandom()
    private var reconnect: (at: Instant, since: Instant)?
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
        connect()
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
        thread.clearWake()
        budgets?.close()
        await collections?.close()
        await board.stop()
        for client in oldClients + [client].compactMap(\.self) { await client.stop(reason: "the node has stopped") }
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

    private func connect() {
        var options = Client.Options(
            address: configuration.hub,
            hello: Proto.Hello(
                versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .node,
                name: configuration.name, software: "rookery/\(configuration.version)"))
        options.persistence = .always
        clientNumber += 1
        let number = clientNumber
        let client = Client(options, loop: loop, context: connections) { [inbox] event in
            inbox?.append(.client(number, event))
        }
        self.client = client
        client.start()
    }

    /// Leaves this connection and makes another after a while.
    private func reconnect(_ reason: String, retryAfter: Span) {
        log.warning("leaving the connection", ["reason": .text(reason)])
        let now = time.now()
        if let reconnect, now.since(reconnect.since) > Limits.reconnectCap * 2 { backoff.reset() }
        reconnect = (now + max(retryAfter, backoff.next(&random)), now)
        guard let old = client else { return }
        client = nil
        oldClients.append(old)
        Task {
            await old.leave()
            oldClients.removeAll { $0 === old }
        }
    }

    // MARK: One turn

    private func take(_ events: [Event]) {
        guard let core, !isStopped else { return }
        let now = time.now()
        if client == nil, let reconnect, reconnect.at <= now { connect() }
        do throws(StorageError) {
            for effect in try core.handle(events.compactMap(input), now: now, wall: time.wall()) { perform(effect) }
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
        let reconnectAt = client == nil ? reconnect?.at : nil
        guard let next = [core.nextDeadline, reconnectAt].compactMap({ $0 }).min() else { return thread.clearWake() }
        thread.setWake(at: next) { self.assumeIsolated { $0.take([.input(.tick)]) } }
    }

    private func input(_ event: Event) -> NodeInput? {
        switch event {
        case .input(let input): return input
        case .client(clientNumber, let event) where client != nil: return input(event)
        case .client: return nil
        }
    }

    private func input(_ event: Client.Event) -> NodeInput? {
        switch event {
        case .connected(let welcome):
            log.info("connected", ["hub": .of(configuration.hub), "software": .text(welcome.software)])
            return .connected(welcome)
        case .message(.chaosDirective(let fault)):
            directive(fault)
            return nil
        case .message(let body): return .message(Proto.Envelope(body: body))
        case .answer(let tag, .success(let body)): return .message(Proto.Envelope(inReplyTo: tag, body: body))
        case .answer(let tag, .failure(.refused(let error))):
            return .message(Proto.Envelope(inReplyTo: tag, body: .error(error)))
        case .answer: return nil  // the core has a time for every answer, and the loss follows
        case .disconnected(let error, _):
            log.warning("not connected", ["reason": .of(error)])
            return .disconnected
        }
    }

    private func perform(_ effect: NodeEffect) {
        switch effect {
        case .send(let envelope):
            guard let body = envelope.body else { return }
            if envelope.id == 0 { client?.tell(body) } else { client?.ask(body, tag: envelope.id) }
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
        case .reconnect(let reason, let retryAfter): reconnect(reason, retryAfter: retryAfter)
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
