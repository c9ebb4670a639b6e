import Glibc
import Model
import Transport

/// A program that runs under limits. Its lines are pulled: while nobody asks, it waits at a full pipe.
actor Program {
    /// Why it was ended.
    enum Breach: Sendable, Equatable {
        case time, output, line, stopped
    }

    enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
        case broke(Breach)
        case notStarted(String)
    }

    enum Event: Sendable, Equatable {
        case line([UInt8])
        case ended(End, lastWords: String)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let start: ProgramStart
    private let heard: @Sendable () -> Void
    private var input: [UInt8]
    private var descriptors: [Int32] = []  // input, output, errors
    private var watches: [FileWatch] = []
    private var deadline: LoopTimer?
    private var looking: LoopTimer?
    private var pid: pid_t = 0
    private var buffer: [UInt8] = []
    private var head = 0  // of the buffer, what was taken
    private var tail: [UInt8] = []
    private var taken = 0
    private var isAtEnd = false
    private var breach: Breach?
    private var end: End?
    private var waiting: CheckedContinuation<Event, Never>?

    /// `heard` is told of every sign of life on standard error.
    init(_ start: ProgramStart, input: [UInt8], on loop: EventLoop, heard: @escaping @Sendable () -> Void) {
        self.start = start
        self.input = input
        self.loop = loop
        self.heard = heard
    }

    /// The next line, or how it ended, again and again. Starts it, the first time. Cancelling ends the program.
    func next() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting = continuation
                if Task.isCancelled { end(for: .stopped) }
                if pid == 0, end == nil { launch() }
                answer()
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.end(for: .stopped) } }
        }
    }

    /// Ends it, if it has not ended; returns when nothing of it is left.
    func stop() async {
        end(for: .stopped)
        while end == nil, pid != 0 { _ = await next() }
        closeAll()
    }

    // MARK: Life

    private func launch() {
        // Sockets and not pipes: writing to one whose reader is gone is an error here, and no signal.
        var pairs: [[Int32]] = []
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else { break }
            pairs.append(pair)
        }
        let started = pairs.count == 3 ? start.run(input: pairs[0][1], output: pairs[1][1], errors: pairs[2][1]) : nil
        let reason = errno
        for pair in pairs { close(pair[1]) }
        descriptors = pairs.map { $0[0] }
        guard let started else {
            closeAll()
            return finish(.notStarted(String(cString: strerror(reason)).lowercased()))
        }
        pid = started
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        watches = [
            loop.watch(descriptors[0], .write) { [weak self] _ in self?.assumeIsolated { $0.write() } },
            loop.watch(descriptors[1], .read) { [weak self] _ in self?.assumeIsolated { $0.read() } },
            loop.watch(descriptors[2], .read) { [weak self] _ in self?.assumeIsolated { $0.readErrors() } },
        ]
        deadline = loop.schedule(after: start.limits.time) { [weak self] in
            self?.assumeIsolated { $0.end(for: .time) }
        }
        looking = loop.timer { [weak self] in self?.assumeIsolated { $0.look() } }
        looking?.arm(after: ProgramLimits.look)
    }

    private func end(for reason: Breach) {
        guard end == nil, breach == nil else { return }
        breach = reason
        guard pid != 0 else { return finish(.broke(reason)) }
        kill(-pid, SIGTERM)
        deadline = loop.schedule(after: ProgramLimits.grace) { [weak self] in
            self?.assumeIsolated { program in
                if program.end == nil { kill(-program.pid, SIGKILL) }
            }
        }
    }

    private func look() {
        guard end == nil, pid != 0 else { return }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else {
            looking?.arm(after: ProgramLimits.look)
            return
        }
        // What it left behind in its group, or beside it, ends with it.
        kill(-pid, SIGKILL)
        ProgramStart.endStrays(tag: start.tag)
        if breach == nil { drain() }
        readErrors()
        let signal = status & 0x7F
        finish(breach.map { .broke($0) } ?? (signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)))
    }

    private func finish(_ end: End) {
        self.end = end
        deadline = nil
        looking = nil
        if breach != nil { dropBuffer() }
        answer()
    }

    private func closeAll() {
        watches = []
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }

    // MARK: Speaking

    private func write() {
        guard descriptors.count == 3 else { return }
        let sent = send(descriptors[0], input, input.count, Int32(MSG_NOSIGNAL))
        if sent > 0 { input.removeFirst(sent) }
        if input.isEmpty || (sent < 0 && errno != EAGAIN && errno != EINTR) {
            shutdown(descriptors[0], Int32(SHUT_WR))
            watches[0].cancel()
        }
    }

    private func read() {
        guard descriptors.count == 3, breach == nil else { return stopReading() }
        guard let slice = slice(of: descriptors[1]) else { return }
        guard !slice.isEmpty else {
            isAtEnd = true
            return stopReading()
        }
        keep(slice)
        if buffer.count > ProgramLimits.line, !buffer.contains(10) { end(for: .line) }
        answer()
        // With a line in hand nothing more is taken until it is asked for.
        if waiting == nil { watches[1].update([]) }
    }

    /// What it wrote before it ended.
    private func drain() {
        while !isAtEnd, breach == nil, descriptors.count == 3, let slice = slice(of: descriptors[1]), !slice.isEmpty {
            keep(slice)
        }
    }

    private func readErrors() {
        guard descriptors.count == 3, let slice = slice(of: descriptors[2]) else { return }
        if slice.isEmpty { return watches[2].cancel() }
        tail = Array((tail + slice).suffix(ProgramLimits.tail))
        count(slice.count)
        heard()
    }

    private func stopReading() { if watches.count == 3 { watches[1].cancel() } }

    private func count(_ bytes: Int) {
        taken += bytes
        if taken > start.limits.output { end(for: .output) }
    }

    /// Empty at the end; nil when there is nothing yet.
    private func slice(of descriptor: Int32) -> [UInt8]? {
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: ProgramLimits.slice) { buffer, filled in
            got = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            filled = max(0, got)
        }
        if got < 0, errno == EAGAIN || errno == EINTR { return nil }
        return bytes
    }

    // MARK: Answering

    private func answer() {
        guard let waiting else { return }
        if breach == nil, let line = takeLine() {
            self.waiting = nil
            return waiting.resume(returning: .line(line))
        }
        if let end {
            self.waiting = nil
            let words = lastWords
            closeAll()
            return waiting.resume(returning: .ended(end, lastWords: words))
        }
        if !isAtEnd, breach == nil, watches.count == 3 { watches[1].update(.read) }
    }

    private func takeLine() -> [UInt8]? {
        guard let newline = buffer[head...].firstIndex(of: 10) else {
            guard end != nil, head < buffer.count else { return nil }
            defer { dropBuffer() }
            return Array(buffer[head...])  // the last line may lack its end
        }
        defer { head = newline + 1 }
        return Array(buffer[head..<newline])
    }

    /// Makes room: what was taken goes, with one move for all of it.
    private func keep(_ slice: [UInt8]) {
        buffer.removeFirst(head)
        head = 0
        buffer += slice
        count(slice.count)
    }

    private func dropBuffer() {
        buffer = []
        head = 0
    }

    /// The last line on standard error that is not empty.
    private var lastWords: String {
        let lines = String(decoding: tail, as: UTF8.self).split { $0.isNewline }
        return lines.last { !$0.allSatisfy(\.isWhitespace) }.map { String($0).prefix(utf8: 200) } ?? ""
    }
}
