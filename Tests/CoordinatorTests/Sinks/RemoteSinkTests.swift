import Glibc
import Model
import TestKit
import Testing
import Transport

@testable import Coordinator

@Suite struct RemoteSinkTests {
    private static let wall = WallTime(milliseconds: 0)

    private static func record(_ number: UInt64) -> OutboxRecord {
        let id = ScenarioID(incarnation: 1, sequence: number)
        return OutboxRecord(id: id, kind: .scenario, line: Array("{\"id\":\"\(id)\",\"n\":\(number)}".utf8))
    }

    // MARK: http

    private func post(
        timeout: Span = .seconds(10), _ act: @escaping @Sendable (String, Int) -> TinySink.Act
    ) async throws -> (SinkAnswer, [UInt8]?) {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let server = try TinySink(on: loop, act: act)
        await server.start()
        let user = SinkUser(loop)
        let answer = try await user.post("http://127.0.0.1:\(server.port)/in", Self.record(7), timeout: timeout)
        let body = await server.bodies["s1-7"]
        await server.stop()
        return (answer, body)
    }

    @Test func `a record is posted under its id, and a quality comes back in the answer`() async throws {
        let (answer, body) = try await post { _, _ in .status("200 OK", body: "{\"quality\": 0.75}") }
        #expect(answer.report.delivered == [Self.record(7).id])
        #expect(answer.report.qualities.map(\.quality) == [0.75])
        #expect(body == Self.record(7).line)
    }

    @Test(arguments: ["500 Oops", "503 Later", "429 Slow", "408 Timeout"])
    func `an answer that says nothing of the record is trouble`(status: String) async throws {
        let (answer, _) = try await post { _, _ in .status(status) }
        #expect(answer.trouble == "the sink answered \(status.prefix(3))")
        #expect(answer.report.delivered.isEmpty && answer.report.refused.isEmpty)
    }

    @Test(arguments: ["400 Bad", "422 No", "302 Found"])
    func `any other answer refuses the record`(status: String) async throws {
        let (answer, _) = try await post { _, _ in .status(status) }
        #expect(answer.report.refused.map(\.reason) == ["the sink answered \(status.prefix(3))"])
        #expect(answer.trouble == nil)
    }

    @Test func `a sink that does not answer in time is trouble`() async throws {
        let (answer, _) = try await post(timeout: .milliseconds(200)) { _, _ in .neverAnswer }
        #expect(answer.trouble?.hasPrefix("could not fetch http://127.0.0.1") == true)
    }

    // MARK: exec

    private func program(_ script: String) throws -> (TemporaryDirectory, String) {
        let directory = TemporaryDirectory()
        let path = directory.file("sink")
        let text = "#!/bin/sh\n" + script
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o700)
        try #require(descriptor >= 0)
        #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
        return (directory, path)
    }

    private func run(
        _ script: String, records: Int = 1, timeout: Span = .seconds(10)
    ) async throws -> [SinkAnswer] {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let (directory, path) = try program(script)
        defer { withExtendedLifetime(directory) {} }
        return await SinkUser(loop).exec(path, (1...records).map { Self.record(UInt64($0)) }, timeout: timeout)
    }

    private static let echo = """
        while read -r line; do
            id=${line#*\\"id\\":\\"}; id=${id%%\\"*}
        """

    @Test func `a program answers each line with its id, and with a quality if it has one`() async throws {
        let script = Self.echo + "\necho \"{\\\"id\\\":\\\"$id\\\",\\\"quality\\\":0.5}\"; done"
        let answers = try await run(script, records: 3)
        #expect(answers.map(\.report.delivered) == (1...3).map { [Self.record($0).id] })
        #expect(answers.flatMap { $0.report.qualities.map(\.quality) } == [0.5, 0.5, 0.5])
    }

    @Test func `a program may refuse a record, with its reason`() async throws {
        let script = Self.echo + "\necho \"{\\\"id\\\":\\\"$id\\\",\\\"refused\\\":\\\"too short\\\"}\"; done"
        #expect(try await run(script)[0].report.refused.map(\.reason) == ["too short"])
    }

    @Test(arguments: [
        ("exit 3", "the program ended without an answer"),
        ("read line; echo ok", "the program answered \"ok\" and not with the id s1-1"),
        ("read line; echo '{\"id\":\"s1-9\"}'", "the program answered \"{\"id\":\"s1-9\"}\" and not with the id s1-1"),
        ("read line; head -c 70000 /dev/zero; sleep 60", "the program's answer is longer than 65536 bytes"),
    ])
    func `a program that ends or says anything else is trouble`(script: String, words: String) async throws {
        let trouble = try await run(script)[0].trouble
        // One that ends may do so before it was told anything.
        #expect(trouble == words || (script == "exit 3" && trouble?.hasPrefix("the program takes no more") == true))
    }

    @Test func `a program that hangs is ended with all it started, and started anew for the next try`() async throws {
        let mark = TemporaryDirectory()
        let script = """
            if [ ! -e \(mark.file("tried")) ]; then
                touch \(mark.file("tried")); sleep 300 & echo $! > \(mark.file("pid")); wait; fi
            """ + "\n" + Self.echo + "\necho \"{\\\"id\\\":\\\"$id\\\"}\"; done"
        let answers = try await run(script, records: 2, timeout: .seconds(2))
        #expect(answers[0].trouble == "the program gave no answer in 2.0 s")
        #expect(answers[1].report.delivered.map(\.sequence) == [2])
        let grandchild = try #require(pid_t(ShardReading(directory: mark.path).bytes("pid").text))
        let state = ShardReading(directory: "/proc/\(grandchild)").bytes("stat").text
        #expect(kill(grandchild, 0) != 0 || state.contains(" Z "))
    }

    @Test func `a program that is not there is trouble with its name`() async throws {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let answers = await SinkUser(loop).exec("/no/such", [Self.record(1)], timeout: .seconds(1))
        #expect(answers[0].trouble == "could not start /no/such: No such file or directory")
    }
}

extension [UInt8] {
    fileprivate var text: String {
        String(decoding: filter { $0 != 10 }, as: UTF8.self)
    }
}

/// Uses a sink where it must be used: on its loop.
private actor SinkUser {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) { self.loop = loop }

    func post(_ url: String, _ record: OutboxRecord, timeout: Span) async throws -> SinkAnswer {
        let sink = try HTTPSink(url, on: loop, time: SystemTime(), timeout: timeout)
        let answer = await sink.deliver([record], at: WallTime(milliseconds: 0))
        await sink.close()
        return answer
    }

    func exec(_ program: String, _ records: [OutboxRecord], timeout: Span) async -> [SinkAnswer] {
        let sink = ExecSink(program, on: loop, timeout: timeout)
        var answers: [SinkAnswer] = []
        for record in records { answers.append(await sink.deliver([record], at: WallTime(milliseconds: 0))) }
        await sink.close()
        return answers
    }
}
