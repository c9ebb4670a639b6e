import CEvent
import Glibc
package import Model
import Synchronization
import Telemetry
import Wire

/// One TCP connection, an actor that runs on its event loop. Everything a frame causes happens within the call of its
/// handler; what is sent in one turn of the loop leaves in one write.
package actor Connection {
    /// What the connections of a listener or a client have in common.
    package struct Context: Sendable {
        package var limits: ConnectionLimits
        package var compressor: any ByteCompressor
        package var metrics: TransportMetrics
        package var held: HeldBytes

        package init(
            limits: ConnectionLimits = ConnectionLimits(), compressor: any ByteCompressor,
            metrics: TransportMetrics = TransportMetrics(), held: HeldBytes = HeldBytes()
        ) {
            self.limits = limits
            self.compressor = compressor
            self.metrics = metrics
            self.held = held
        }
    }

    enum Phase {
        case open  // to finishing, by finish(); to closed, by close()
        case finishing(CloseReason)  // sends what waits, reads and ignores; to closed when done or out of time
        case closed(CloseReason)  // to over, at the end of the turn, when the handler is told
        case over
    }

    private struct Mailbox {
        var frames: [(bytes: [UInt8], priority: SendPriority)] = []
        var scheduled = false
    }

    package nonisolated let id: ConnectionID
    package nonisolated let loop: EventLoop
    /// The other end's address and port.
    package nonisolated let peer: String
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let context: Context
    private nonisolated let mailbox = Mutex(Mailbox())
    private nonisolated let ended: @Sendable (ConnectionID) -> Void

    var socket: Socket?
    var phase = Phase.open
    var handler: (any FrameHandler)?
    var assembler = FrameAssembler()
    var frameLimit: Int
    var frameBegan = Instant.zero
    var lastFrame = Instant.zero
    private var wakeAt: Instant?
    private var lingerUntil = Instant.zero
    private var outbox = Outbox()
    private var willFlush = false
    private var waitsToWrite = false
    private var account: HeldAccount?
    private var readEvent: LoopEvent?
    private var writeEvent: LoopEvent?
    private var timer: LoopTimer?

    /// Takes the socket over; nothing happens before `start`. `ended` is called once, on the loop.
    init(
        _ socket: Socket, id: ConnectionID, peer: String, loop: EventLoop, context: Context,
        ended: @escaping @Sendable (ConnectionID) -> Void = { _ in }
    ) {
        self.id = id
        self.loop = loop
        self.peer = peer
        self.context = context
        self.ended = ended
        self.socket = socket
        frameLimit = context.limits.frame
    }

    /// Begins to read. From now on the loop holds the connection until it has ended.
    func start(_ makeHandler: FrameHandlerFactory) {
        guard let socket else { return }
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        if let size = context.limits.kernelSendBuffer { socket.set(SOL_SOCKET, SO_SNDBUF, Int32(size)) }
        account = context.held.open(id) { [weak self] in self?.postClose(.memory) }
        context.metrics.open.add(1)
        loop.add(self)
        lastFrame = SystemTime().now()
        readEvent = loop.event(socket.descriptor, EV_READ | EV_PERSIST, Unmanaged.passUnretained(self).toOpaque()) {
            Connection.from($2)?.assumeIsolated { $0.readable() }
        }
        writeEvent = loop.event(socket.descriptor, EV_WRITE, Unmanaged.passUnretained(self).toOpaque()) {
            Connection.from($2)?.assumeIsolated { $0.writable() }
        }
        timer = loop.timer { [weak self] in self?.assumeIsolated { $0.timerFired() } }
        readEvent?.arm()
        let handler = makeHandler()
        self.handler = handler
        armTimer(lastFrame)
        handler.opened(self)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Connection? {
        context.map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: sending

    /// Queues one frame; it leaves at the end of this turn. Ignored once the connection ends.
    package func send(_ frame: [UInt8], _ priority: SendPriority = .bulk) {
        guard case .open = phase else { return }
        context.metrics.framesOut.add()
        outbox.add(frame, priority)
        if outbox.count > context.limits.output {
            write()
            if outbox.count > context.limits.output { return close(.slowReader) }
        }
        flushLater()
    }

    /// From any thread: queues frames; posts made close together travel as one job. Order is kept for each thread.
    package nonisolated func post(_ frames: [[UInt8]], _ priority: SendPriority = .bulk) {
        if loop.isCurrent {
            return assumeIsolated { connection in frames.forEach { connection.send($0, priority) } }
        }
        let schedule = mailbox.withLock { mailbox in
            for frame in frames { mailbox.frames.append((frame, priority)) }
            defer { mailbox.scheduled = true }
            return !mailbox.scheduled
        }
        guard schedule else { return }
        loop.execute { [self] in assumeIsolated { $0.takeMail() } }
    }

    private func takeMail() {
        let mail = mailbox.withLock { mailbox in
            defer { mailbox = Mailbox() }
            return mailbox.frames
        }
        for frame in mail { send(frame.bytes, frame.priority) }
    }

    private func flushLater() {
        guard !willFlush else { return }
        willFlush = true
        loop.flushAtTurnEnd(self)
    }

    private func writable() {
        waitsToWrite = false
        write()
        endWriting()
    }

    private func write() {
        guard let socket, !waitsToWrite, !outbox.isEmpty else { return }
        let metrics = context.metrics
        var failure: Int32 = 0
        _ = outbox.drain { bytes in
            metrics.writes.add()
            switch socket.transmit(bytes) {
            case .bytes(let count):
                metrics.bytesOut.add(count)
                return count
            case .wouldBlock, .end: return 0
            case .failed(let code):
                failure = code
                return -1
            }
        }
        guard failure == 0 else { return close(.failed(SystemError(call: "send", code: failure))) }
        if !outbox.isEmpty {
            waitsToWrite = true
            writeEvent?.arm()
        }
        updateHeld()
    }

    func updateHeld() {
        guard let account else { return }
        context.held.set(account, to: assembler.heldBytes + outbox.count)
    }

    // MARK: limits

    /// Bytes after the length prefix that a frame may have from now on.
    package func setFrameLimit(_ limit: Int) { frameLimit = limit }

    /// Has the handler's `woken` called once `moment` has come; replaces an earlier wish.
    package func wake(at moment: Instant?) {
        wakeAt = moment
        armTimer(SystemTime().now())
    }

    private func timerFired() {
        let now = SystemTime().now()
        switch phase {
        case .open:
            if assembler.isInsideFrame, frameBegan + context.limits.frameTimeout <= now { return reject(.unfinished) }
            if lastFrame + context.limits.idleTimeout <= now { return close(.idleTimeout) }
            if let wakeAt, wakeAt <= now {
                self.wakeAt = nil
                handler?.woken(now: now, on: self)
            }
        case .finishing(let reason):
            if lingerUntil <= now { return close(reason) }
        case .closed, .over: return
        }
        armTimer(now)
    }

    /// One timer serves all deadlines: it fires at the earliest that may exist, looks, and is armed again. A frame that
    /// begins later than now has its deadline later than the timer, so no frame costs a timer operation.
    private func armTimer(_ now: Instant) {
        switch phase {
        case .open:
            let frameDeadline = (assembler.isInsideFrame ? frameBegan : now) + context.limits.frameTimeout
            let idleDeadline = lastFrame + context.limits.idleTimeout
            timer?.arm(after: min(frameDeadline, idleDeadline, wakeAt ?? idleDeadline).since(now))
        case .finishing: timer?.arm(after: lingerUntil.since(now))
        case .closed, .over: break
        }
    }

    // MARK: ending

    /// Ends the connection now; what waits to be sent is lost.
    package func close(_ reason: CloseReason) {
        switch phase {
        case .open, .finishing: break
        case .closed, .over: return
        }
        phase = .closed(reason)
        // libevent must forget the descriptor before it is closed.
        readEvent = nil
        writeEvent = nil
        timer = nil
        socket = nil
        outbox = Outbox()
        assembler = FrameAssembler()
        account = nil
        context.held.close(id)
        flushLater()
    }

    /// Ends the connection once what waits has been sent and the peer has closed its side, or after the linger time.
    /// Closing with unread bytes would reset the connection, and the peer would lose the last words.
    package func finish(_ reason: CloseReason) {
        guard case .open = phase else { return }
        phase = .finishing(reason)
        let now = SystemTime().now()
        lingerUntil = now + context.limits.linger
        armTimer(now)
        flushLater()
    }

    /// From any thread.
    package nonisolated func postClose(_ reason: CloseReason) {
        loop.execute { [self] in assumeIsolated { $0.close(reason) } }
    }

    /// From any thread: sends `frames`, then ends as `finish` does.
    package nonisolated func postFinish(_ reason: CloseReason, sending frames: [[UInt8]] = []) {
        loop.execute { [self] in
            assumeIsolated { connection in
                connection.takeMail()
                frames.forEach { connection.send($0, .control) }
                connection.finish(reason)
            }
        }
    }

    /// The peer sends no more; what waits for it is still sent.
    func readEnded() {
        readEvent = nil
        if case .open = phase { finish(.peerClosed) }
        endWriting()
    }

    /// Whether the handler has been told of the end.
    var isOver: Bool { if case .over = phase { true } else { false } }

    private func endWriting() {
        guard case .finishing(let reason) = phase, outbox.isEmpty else { return }
        // Without a read event the peer has ended already.
        if readEvent == nil { close(reason) } else { socket?.endWriting() }
    }

    private func tellHandler(_ reason: CloseReason) {
        phase = .over
        loop.remove(self)
        context.metrics.open.add(-1)
        context.metrics.closed(reason).add()
        ended(id)
        handler?.closed(reason, on: self)
        handler = nil
    }
}

extension Connection: Flushable {
    nonisolated func flush() {
        assumeIsolated { connection in
            connection.willFlush = false
            switch connection.phase {
            case .open, .finishing:
                connection.write()
                connection.endWriting()
            case .closed(let reason): connection.tellHandler(reason)
            case .over: break
            }
        }
    }

    nonisolated func stopped() {
        assumeIsolated { $0.close(.stopped) }
    }
}
