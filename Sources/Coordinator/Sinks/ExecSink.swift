import Glibc
import Model
import Transport

/// Gives a program one record a line and waits for the line with which it answers: `{"id": "s1-2"}`, with `quality` if
/// it has an opinion, or with `refused` and the reason. A program that says anything else, hangs or ends is started
/// anew: at least once, in order.
final class ExecSink: Sink {
    private enum Line {
        case answer([UInt8])
        case trouble(String)
    }

    let description: String
    let batch = 1
    private let program: String
    private let loop: EventLoop
    private let timeout: Span
    private var child: ChildProcess?
    private var watches: [FileWatch] = []
    private var timer: LoopTimer?
    private var unsent: ArraySlice<UInt8> = []
    private var received: [UInt8] = []
    private var waiter: CheckedContinuation<Line, Never>?

    init(_ program: String, on loop: EventLoop, timeout: Span = Limits.sinkTimeout) {
        self.program = program
        self.loop = loop
        self.timeout = timeout
        description = "exec:\(program)"
    }

    nonisolated(nonsending) func begin(_ state: SinkState, at wall: WallTime) async -> SinkAnswer { SinkAnswer() }

    nonisolated(nonsending) func deliver(_ records: [OutboxRecord], at wall: WallTime) async -> SinkAnswer {
        guard let record = records.first else { return SinkAnswer() }
        if let trouble = startIfNeeded() { return .trouble(trouble) }
        switch await exchange(record.line + [10]) {
        case .trouble(let words):
            end()
            return .trouble(words)
        case .answer(let line):
            guard let answer = judge(record, line) else {
                end()
                let text = String(decoding: line.prefix(80), as: UTF8.self)
                return .trouble("the program answered \"\(text)\" and not with the id \(record.id)")
            }
            return answer
        }
    }

    private func judge(_ record: OutboxRecord, _ line: [UInt8]) -> SinkAnswer? {
        guard let json = FlatJSON(line), json.string("id") == record.id.description else { return nil }
        var answer = SinkAnswer()
        if let reason = json.string("refused") {
            answer.report.refused = [(record.id, reason)]
            return answer
        }
        answer.report.delivered = [record.id]
        if let quality = json.number("quality") { answer.report.qualities = [(record.id, quality)] }
        return answer
    }

    // MARK: The program

    private func startIfNeeded() -> String? {
        guard child == nil else { return nil }
        guard let child = ChildProcess(program) else {
            return "could not start \(program): \(String(cString: strerror(errno)))"
        }
        self.child = child
        return nil
    }

    private func end() {
        watches = []
        timer = nil
        unsent = []
        received = []
        child?.end()
        child = nil
    }

    private nonisolated(nonsending) func exchange(_ line: [UInt8]) async -> Line {
        guard let child else { return .trouble("the program is not running") }
        guard received.isEmpty else { return .trouble("the program said more than it was asked") }
        unsent = line[...]
        return await withCheckedContinuation { continuation in
            waiter = continuation
            timer = loop.schedule(after: timeout) { [weak self] in
                self?.finish(.trouble("the program gave no answer in \(self?.timeout.seconds ?? 0) s"))
            }
            watches = [
                loop.watch(child.input, .write) { [weak self] _ in self?.send(child.input) },
                loop.watch(child.output, .read) { [weak self] _ in self?.receive(child.output) },
            ]
        }
    }

    private func finish(_ line: Line) {
        guard let waiter else { return }
        self.waiter = nil
        watches = []
        timer = nil
        waiter.resume(returning: line)
    }

    private func send(_ descriptor: Int32) {
        let count = unsent.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < 0 {
            guard errno != EAGAIN, errno != EINTR else { return }
            return finish(.trouble("the program takes no more input: \(String(cString: strerror(errno)))"))
        }
        unsent = unsent.dropFirst(count)
        if unsent.isEmpty { watches.first?.cancel() }
    }

    private func receive(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return finish(.trouble("the program ended without an answer")) }
        received += bytes[..<count]
        if let end = received.firstIndex(of: 10) {
            let line = Array(received[..<end])
            received.removeSubrange(...end)
            return finish(.answer(line))
        }
        if received.count > Limits.sinkAnswer {
            finish(.trouble("the program's answer is longer than \(Limits.sinkAnswer) bytes"))
        }
    }

    nonisolated(nonsending) func interrupt() async { finish(.trouble("the hub is stopping")) }

    nonisolated(nonsending) func close() async {
        guard let child else { return }
        child.closeInput()
        _ = await withCheckedContinuation { continuation in
            waiter = continuation
            timer = loop.schedule(after: .seconds(1)) { [weak self] in self?.finish(.trouble("")) }
            watches = [
                loop.watch(child.output, .read) { [weak self] _ in
                    var bytes = [UInt8](repeating: 0, count: 4_096)
                    if recv(child.output, &bytes, bytes.count, 0) == 0 { self?.finish(.trouble("")) }
                }
            ]
        }
        end()
    }
}
