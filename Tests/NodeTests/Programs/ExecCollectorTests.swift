import Glibc
import Model
import TestKit
import Testing
import Transport
import Wire

@testable import Node

@Suite("The exec collector")
struct ExecCollectorTests {
    /// Runs a shell script as the program "p".
    private func collect(
        _ script: String, bookmark: [UInt8]? = nil, _ change: (inout CollectorSettings.Program) -> Void = { _ in }
    ) async throws -> (items: [CollectedItem], result: CollectionResult) {
        var program = CollectorSettings.Program(path: "/bin/sh", arguments: ["-c", script])
        program.limits.time = .minutes(5)
        change(&program)
        var settings = CollectorSettings()
        settings.programs["p"] = program
        let bench = try Bench(settings: settings)
        var assignment = Proto.Assignment(
            lease: 1, target: [0xAB], type: "exec", location: "p:some/thing", bookmark: bookmark.map { $0[...] })
        assignment.metadata = ["topic": "birds"]
        let outcome = await bench.collect(assignment)
        await bench.close()
        bench.loop.stop()
        return outcome
    }

    private func artifact(_ text: String) -> String { "echo '{\"content\": \"\(text)\"}'" }

    @Test("the target comes on standard input, artifacts go out as lines, with their own scores and reasons")
    func whole() async throws {
        let script = """
            read line; case "$line" in *'"argument":"some/thing"'*'"topic":"birds"'*'"bookmark":null'*) ok=yes;; esac
            echo working >&2
            echo '{"content": "'$ok'", "source": "s", "metadata": {"k": 1}, "confidence": 0.25, "reason": "seen"}'
            echo
            printf '{"content_base64": "aGk=", "content_type": "json"}'
            """
        let (items, result) = try await collect(script)
        #expect(result == CollectionResult(.collected))
        #expect(items.texts == ["yes", "hi"])
        let first = try #require(items.artifacts.first)
        #expect(first.rawSource == "s")
        #expect(first.confidence == 0.25)
        #expect(first.threatLevel == nil)
        #expect(first.scoreReasons == ["confidence: p: seen"])
        #expect(first.metadata["k"] == "1")
        #expect(first.metadata["topic"] == "birds")
        #expect(items.artifacts.last?.contentType == "json")
        #expect(items.artifacts.last?.rawSource == "exec:p:some/thing")
    }

    @Test("a bookmark comes back the next time, but only after a good end")
    func bookmarks() async throws {
        let first = try await collect("echo '{\"bookmark\": \"page 3\"}'")
        let bookmark = try #require(first.items.bookmark)
        let second = try await collect(
            "read line; case \"$line\" in *'\"bookmark\":\"page 3\"'*) \(artifact("again"));; esac", bookmark: bookmark)
        #expect(second.items.texts == ["again"])
        let failed = try await collect("echo '{\"bookmark\": \"x\"}'; exit 3")
        #expect(failed.items.bookmark == nil)
        #expect(failed.result == CollectionResult(.failedTarget, error: "p exited with 3"))
    }

    @Test("the environment is clean")
    func environment() async throws {
        let (items, _) = try await collect("echo '{\"content\": \"'$(env | cut -d= -f1 | sort | tr '\\n' ' ')'\"}'") {
            $0.environment = ["EXTRA": "1"]
        }
        let allowed: Set<Substring> = [
            "EXTRA", "HOME", "LANG", "PATH", "PWD", "OLDPWD", "TMPDIR", "ROOKERY_COLLECTION", "_", "SHLVL",
        ]
        let names = Set(items.texts.first?.split(separator: " ") ?? [])
        #expect(names.subtracting(allowed).isEmpty)
        #expect(items.texts.first?.contains("EXTRA") == true)
    }

    @Test("what it says last on standard error is in the outcome")
    func words() async throws {
        let (items, result) = try await collect("\(artifact("kept")); echo one >&2; echo 'no luck' >&2; exit 1")
        #expect(items.texts == ["kept"])
        #expect(result == CollectionResult(.failedTarget, error: "p exited with 1: no luck"))
        let killed = try await collect("kill -11 $$")
        #expect(killed.result == CollectionResult(.failedTarget, error: "p was killed by signal 11"))
    }

    @Test("one that hangs, also without listening to SIGTERM, is ended in time")
    func hang() async throws {
        for script in ["sleep 1000", "trap '' TERM; while :; do sleep 1000; done"] {
            let result = try await collect(script) { $0.limits.time = .milliseconds(100) }.result
            #expect(result == CollectionResult(.failedTarget, error: "p ran longer than 0 s and was ended"))
        }
    }

    @Test("one that floods is ended at its limit, whether with lines, without, or on standard error")
    func flood() async throws {
        let limit: (inout CollectorSettings.Program) -> Void = { $0.limits.output = 1 << 20 }
        for script in ["yes", "yes | tr -d '\\n'", "yes >&2"] {
            let result = try await collect(script == "yes" ? "yes '{\"content\": \"x\"}'" : script, limit).result
            #expect(
                result == CollectionResult(.failedContent, error: "p wrote more than 1048576 bytes and was ended"),
                "\(script)")
        }
        let many = try await collect("yes '{\"content\": \"x\"}'") { $0.limits.artifacts = 10 }
        #expect(
            many.result.error == "p wrote more than 10 artifacts and was ended; raise artifacts in its settings")
    }

    @Test(
        "garbage is refused by line and reason",
        arguments: [
            ("nonsense", "it is no JSON object"), ("[]", "it is no JSON object"),
            ("{}", "it has neither content nor content_base64, or both"),
            (
                "{\"content\": \"a\", \"content_base64\": \"YQ==\"}",
                "it has neither content nor content_base64, or both"
            ),
            ("{\"content\": \"a\", \"colour\": 1}", "it has a member \"colour\", which is not known"),
            ("{\"content\": \"a\", \"confidence\": 2}", "its confidence is not from 0 to 1"),
            ("{\"content\": \"a\", \"content_type\": \"soup\"}", "its content_type is \"soup\", which is not known"),
            ("{\"content\": \"a\", \"metadata\": {\"k\": []}}", "its metadata \"k\" is no text"),
            ("{\"content_base64\": \"*\"}", "its content_base64 is broken"),
        ])
    func garbage(line: String, reason: String) async throws {
        let (items, result) = try await collect("\(artifact("good")); echo '\(line)'; sleep 1000")
        #expect(items.isEmpty || items.texts == ["good"])
        #expect(
            result == CollectionResult(.failedContent, error: "line 2 of p is not accepted: \(reason)"))
    }

    @Test("what it starts ends with it, also what has left its group")
    func children() async throws {
        let directory = TemporaryDirectory()
        let script = """
            for i in 1 2 3; do sleep 1000 & echo $! >> \(directory.path)/pids; done
            setsid sh -c 'trap "" TERM HUP; echo $$ >> \(directory.path)/pids; while :; do sleep 1000; done' &
            while [ "$(wc -l < \(directory.path)/pids)" -lt 4 ]; do sleep 0.01; done
            \(artifact("started"))
            """
        let (items, result) = try await collect(script)
        #expect(items.texts == ["started"])
        #expect(result == CollectionResult(.collected))
        let text = String(decoding: CollectorSettings.read(directory.path + "/pids", 1_000) ?? [], as: UTF8.self)
        let pids = text.split(separator: "\n").compactMap { pid_t($0) }
        #expect(pids.count == 4)
        for pid in pids {
            // Whoever inherits a process may take a moment to bury it.
            let state = CollectorSettings.read("/proc/\(pid)/stat", 4_096).map { String(decoding: $0, as: UTF8.self) }
            #expect(state == nil || state?.contains(") Z ") == true || state?.contains(") X ") == true)
        }
    }

    @Test("more memory than allowed is not to be had")
    func memory() async throws {
        let script = "exec python3 -c 'x = bytearray(512 << 20)'"
        let (_, result) = try await collect(script) { $0.limits.memory = 128 << 20 }
        #expect(result == CollectionResult(.failedTarget, error: "p exited with 1: MemoryError"))
    }

    @Test("a program that is not there, or not named, is this node's failure")
    func missing() async throws {
        let gone = try await collect("") { $0.path = "/no/such/program" }
        #expect(gone.result.kind == .failedNode)
        #expect(gone.result.error.hasPrefix("p could not be started"))
        let directory = try await collect("") { $0.directory = "/no/such/directory" }
        #expect(directory.result.error.hasPrefix("p could not be started"))
        let bench = try Bench()
        let unknown = await bench.collect(Proto.Assignment(lease: 1, type: "exec", location: "rm -rf"))
        #expect(
            unknown.result
                == CollectionResult(
                    .failedNode, error: "this node has no program \"rm -rf\"; name it in --collectors FILE"))
        await bench.close()
        bench.loop.stop()
    }

    @Test("a collection that is stopped ends its program")
    func cancelled() async throws {
        let directory = TemporaryDirectory()
        let script = "echo $$ > \(directory.path)/pid; mv \(directory.path)/pid \(directory.path)/id; exec sleep 1000"
        let task = Task { try await collect(script) }
        while access(directory.path + "/id", F_OK) != 0 { await Task.yield() }
        task.cancel()
        let result = try await task.value.result
        #expect(result == CollectionResult(.failedNode, error: "p was ended with its collection"))
        let pid = pid_t(
            String(decoding: CollectorSettings.read(directory.path + "/id", 100) ?? [], as: UTF8.self).trimmed)
        #expect(kill(try #require(pid), 0) == -1)
    }

    @Test("base 64 is read with and without padding, and nothing else is")
    func base64() {
        #expect(Base64.decoded("aGVsbG8=") == Array("hello".utf8))
        #expect(Base64.decoded("aGVsbG8") == Array("hello".utf8))
        #expect(Base64.decoded("+/8=") == [0xFB, 0xFF])
        for text in ["a", "a b=", "=a", "a-_b"] { #expect(Base64.decoded(text) == nil) }
    }
}
