import Glibc
import TestKit
import Testing
import Wire

/// A program does not outlive the node that started it.
@Suite(.processes) struct ProgramEndTests {
    private let directory = TemporaryDirectory()

    private func running(_ hub: Running, _ script: String, submits: Bool = true) throws -> (
        node: ChildProcess, programs: [pid_t]
    ) {
        let program = directory.file("program")
        try ProcFile.write(Array(script.utf8), to: program)
        #expect(chmod(program, 0o700) == 0)
        let settings = directory.file("collectors.json")
        try ProcFile.write(Array("{\"exec\": {\"long\": {\"program\": \"\(program)\"}}}".utf8), to: settings)
        let node = try Rookery.node("n1", directory, hub: hub.port, flags: ["--collectors", settings])
        let view = try HubView(port: hub.port)
        let target = Proto.TargetSpec(
            type: "exec", location: "long:\(directory.file("pids"))", schedule: .once, metadata: ["node": "n1"])
        if submits { _ = try view.submit([target], key: [UInt8](repeating: 4, count: 16)) }
        var pids: [pid_t] = []
        try view.wait(for: "the program") { _ in
            let words = (ProcFile.read(directory.file("pids")) ?? "").split { $0 == "\n" }
            pids = words.compactMap { pid_t($0) }
            return pids.count == 2
        }
        #expect(pids.allSatisfy { isAlive($0) })
        return (node, pids)
    }

    private func isAlive(_ pid: pid_t) -> Bool { ![nil, "Z", "X"].contains(ProcFile.state(of: pid)) }

    /// Writes its number and a child's where its target says, ignores SIGTERM, and waits.
    private static let script = """
        #!/bin/sh
        trap '' TERM
        read -r line
        place=$(printf '%s' "$line" | sed 's/.*"argument": *"\\([^"]*\\)".*/\\1/')
        sleep 600 &
        printf '%s\\n%s\\n' $$ $! >"$place"
        wait
        """

    @Test func `a node that is told twice to stop ends what it started, and what that started`() throws {
        let hub = try Rookery.hub(directory)
        let (node, programs) = try running(hub, ProgramEndTests.script)
        node.signal(SIGTERM)
        try HubView(port: hub.port).wait(for: "draining") { $0.node("n1")?.state != "active" }
        node.signal(SIGTERM)
        _ = try node.wait()
        #expect(haveEnded(programs))
    }

    @Test func `what a killed node left running is ended when the node starts again`() throws {
        let hub = try Rookery.hub(directory)
        let (node, programs) = try running(hub, ProgramEndTests.script)
        node.killNow()
        #expect(programs.allSatisfy { isAlive($0) })
        unlink(directory.file("pids"))
        let (again, others) = try running(hub, ProgramEndTests.script, submits: false)
        #expect(haveEnded(programs))
        again.signal(SIGTERM)
        again.signal(SIGTERM)
        _ = try again.wait()
        #expect(haveEnded(others))
    }

    /// A killed process takes a moment to end.
    private func haveEnded(_ pids: [pid_t]) -> Bool {
        for _ in 0..<500 {
            if pids.allSatisfy({ !isAlive($0) }) { return true }
            poll(nil, 0, 10)
        }
        return false
    }
}
