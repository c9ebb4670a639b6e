import Compression
import Glibc
import Model
import Storage
import TestKit
import Testing
import Wire

/// What a node has spooled is never lost and never stored twice: the node is killed at random moments of collecting and
/// delivering, and cuts its batches anew after each.
@Suite(.processes) struct NodeKillTests {
    private let directory = TemporaryDirectory()

    /// `ROOKERY_KILLS=2000 ./scripts/test --filter KillTests` looks harder.
    private static let kills = getenv("ROOKERY_KILLS").flatMap { Int(String(cString: $0)) } ?? 200
    private static let rows = 60  // of a data set
    private static let pages = 12

    /// What there is to collect: every row has a source and a content of its own.
    private struct Work {
        let directory: TemporaryDirectory
        let site: String
        var sources: Set<String> = []
        var sets = 0

        /// Some data sets, and for the first call the pages of a site too.
        mutating func submit(_ count: Int, to view: HubView) throws {
            var targets: [Proto.TargetSpec] = []
            if sets == 0 {
                targets = (1...NodeKillTests.pages).map {
                    Proto.TargetSpec(type: "web", location: "\(site)/articles/\($0)", schedule: .once)
                }
            }
            for _ in 0..<count {
                sets += 1
                let path = directory.file("set-\(sets).jsonl")
                let lines = (1...NodeKillTests.rows).map { "{\"set\":\(sets),\"row\":\($0)}\n" }
                try ProcFile.write(Array(lines.joined().utf8), to: path)
                for row in 1...NodeKillTests.rows { sources.insert("\(path)#row=\(row)") }
                targets.append(Proto.TargetSpec(type: "dataset", location: path, schedule: .once))
            }
            let key = (0..<16).map { UInt8(truncatingIfNeeded: sets >> ($0 * 8)) }
            let verdicts = try view.submit(targets, key: key)
            #expect(verdicts.allSatisfy { $0.result == .created })
        }
    }

    /// What lay in the spool when the node was killed.
    private struct Spooled {
        var artifacts: [String] = []  // sources
        var stream: UInt64 = 0
        var base: UInt64 = 0
        var next: UInt64 = 0

        init(_ files: StoppedFiles) throws {
            let database = try files.open("spool.db")
            defer { database.close() }
            let node = try database.first("SELECT stream, base, next FROM node") {
                ($0.uint(0), $0.uint(1), $0.uint(2))
            }
            guard let node else { return }
            (stream, base, next) = node
            let bodies = try database.all("SELECT form, size, body FROM item ORDER BY position") {
                ($0.int(0), Int($0.int(1)), $0.blob(2))
            }
            for (form, size, body) in bodies {
                let plain = form == 1 ? Zstd().decompress(body[...], limit: size) : body
                let item = try Proto.Item(decoding: try #require(plain))
                if case .artifact(let artifact)? = item.kind { artifacts.append(artifact.rawSource) }
            }
        }
    }

    private func node(_ hub: Running) throws -> ChildProcess {
        try Rookery.node("n1", directory, hub: hub.port, flags: ["--allow-root", directory.path, "--capacity", "6"])
    }

    @Test func `a node killed at random moments loses nothing that it spooled, and nothing is stored twice`() throws {
        var random = SeededRandom(seed: 20_260_205)
        let site = try Rookery.site(directory)
        let hub = try Rookery.hub(directory, flags: ["--host-delay", "1ms"])
        let view = try HubView(port: hub.port)
        let files = StoppedFiles(directory.file("n1"))
        var work = Work(directory: directory, site: "http://alpha.localhost:\(site.port)")
        var lying: Set<String> = []
        var (whileSpooled, lives, next) = (0, Set<UInt64>(), UInt64(1))
        for _ in 0..<NodeKillTests.kills {
            let open = try view.status()
            if open.value("targets_due") + open.value("targets_leased") < 6 { try work.submit(12, to: view) }
            let node = try node(hub)
            try view.peer.listen(milliseconds: 5 + Int32(random.below(240)))
            node.killNow()
            let spooled = try Spooled(files)
            lying.formUnion(spooled.artifacts)
            if !spooled.artifacts.isEmpty { whileSpooled += 1 }
            #expect(spooled.next >= next, "numbers only grow")
            next = max(next, spooled.next)
            if spooled.next > 0 { lives.insert(spooled.stream) }
        }
        let node = try node(hub)
        let status = try view.wait(for: "every target, and the node to serve") { status in
            node.errorText.contains("connected node=n1")
                && status.value("targets_done") == status.value("targets_submitted")
                && status.nodes.allSatisfy { $0.spooledItems == 0 }
        }
        #expect(try node.terminate() == .exited(0), "\(node.errorText.suffix(2_000))")
        let last = try Spooled(files)
        #expect(last.artifacts.isEmpty && lives == [last.stream] && last.base == 0)
        // Everything that ever had a number was received, once.
        let received = ["artifacts_received", "artifacts_unchanged", "unknown_digests", "bookmarks"]
            .reduce(0) { $0 + status.value($1) }
        #expect(received == last.next - 1, "\(status.summary)")
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        let kept = try view.artifacts()
        let sources = kept.map(\.rawSource)
        #expect(Set(sources).count == sources.count, "a source is kept twice")
        #expect(lying.isSubset(of: sources) && work.sources.isSubset(of: sources))
        #expect(kept.count <= work.sources.count + NodeKillTests.pages)
        // The kills met what they are about.
        #expect(whileSpooled > NodeKillTests.kills / 10)
        print(
            "\(NodeKillTests.kills) kills of a node: \(whileSpooled) with artifacts in the spool; \(last.next - 1) "
                + "items spooled and received once, \(status.value("artifacts_duplicate")) of them collected again")
    }
}
