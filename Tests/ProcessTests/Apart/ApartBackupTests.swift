import Glibc
import Model
import TestKit
import Testing
import Wire

/// Backups of two processes, and pairs that do not fit.
@Suite(.processes) struct ApartBackupTests {
    private let directory = TemporaryDirectory()

    private func cluster() throws -> Cluster { try Cluster(.apart, directory, flags: ["--host-delay", "1ms"]) }

    private func run(_ words: String...) throws -> (end: ChildProcess.End, output: String, errors: String) {
        try Rookery.run(words, in: directory)
    }

    private func submit(_ numbers: ClosedRange<Int>, of site: Running, to view: HubView) throws {
        let specs = numbers.map { number in
            Proto.TargetSpec(
                type: "web",
                location: "http://\(["alpha", "beta", "news"][number % 3]).localhost:\(site.port)/articles/\(number)",
                schedule: .once)
        }
        let verdicts = try view.submit(specs, key: [UInt8](repeating: UInt8(numbers.lowerBound), count: 16))
        #expect(verdicts.allSatisfy { $0.result == .created })
    }

    private func ingest(_ sequences: ClosedRange<UInt64>, stream: UInt64, to cluster: Cluster) throws {
        let node = try WirePeer(port: cluster.coordinator.port, as: .node, name: "n\(stream)")
        for sequence in sequences {
            let answer = try node.ask(.ingestBatch(Batches.numbered(sequence...sequence, stream: stream)))
            guard case .ingestAck(let ack) = answer, ack.lastApplied == sequence else {
                throw WirePeer.Unexpected(description: "\(answer)")
            }
        }
    }

    private func isRead(_ status: Proto.ClusterStatusReply) -> Bool {
        status.value("receipt_position") == status.value("ledger_version") && status.alerts.isEmpty
    }

    /// Puts a directory aside, and a backup in its place.
    private func restore(_ name: String, from backup: String) throws -> String {
        try #require(rename(directory.file(name), directory.file(name + "-before")) == 0)
        let (end, output, errors) = try run("restore", "--from", backup, "--data", directory.file(name))
        #expect(end == .exited(0), "\(errors)")
        return output
    }

    private func incarnation() throws -> UInt64 {
        let lines = (ProcFile.read(directory.file("orchestrator/orchestrator-id")) ?? "").split(separator: "\n")
        return try #require(lines.first { $0.hasPrefix("incarnation ") }.flatMap { UInt64($0.dropFirst(12)) })
    }

    @Test(arguments: 0..<2) func `one command copies both parts, whichever is asked, and the pair goes on`(
        asked: Int
    ) throws {
        let (site, cluster) = (try Rookery.site(directory), try cluster())
        var view = try cluster.view()
        var node = try Rookery.node("n1", directory, hub: cluster.port())
        try submit(1...4, of: site, to: view)
        let before = try view.wait(for: "every target to be done") { $0.value("targets_done") == 4 && isRead($0) }
        let version = before.value("ledger_version")
        let backup = directory.file("backup")
        let (end, output, errors) = try run("backup", "--hub", cluster.address(asked), "--with-secret", backup)
        #expect(end == .exited(0), "\(errors)")
        #expect(
            output == "backup of targets and leases, with receipts up to state version \(version), made in "
                + "\(backup)-orchestrator on the orchestrator's host\nbackup of state version \(version) made in "
                + "\(backup); it holds the dedup secret: keep it private\n")
        let life = try incarnation()
        #expect(try node.terminate() == .exited(0))
        cluster.killNow()

        #expect(
            try restore("coordinator", from: backup).hasSuffix(
                ". Targets and leases are not in it: the orchestrator has a backup of its own, and one that has read "
                    + "later receipts than this is refused\n"))
        let words = try restore("orchestrator", from: backup + "-orchestrator")
        let restored = try incarnation()
        #expect(restored > life)
        #expect(
            words == "restored targets and leases, with receipts up to state version \(version), into "
                + "\(directory.file("orchestrator")); its incarnation is \(restored), was \(life). The coordinator's "
                + "part is a backup of its own; one whose ledger ends earlier refuses this orchestrator\n")
        #expect(
            try run("restore", "--from", backup + "-orchestrator", "--data", directory.file("orchestrator")).end
                == .exited(1))
        try cluster.start()
        #expect(try incarnation() > restored)
        view = try cluster.view()
        let there = try view.wait(for: "the two to know each other") { isRead($0) }
        #expect(there.value("targets_done") == 4 && there.value("artifacts_stored") == 4, "\(there.summary)")
        node = try Rookery.node("n1", directory, hub: cluster.port(1))
        try submit(5...8, of: site, to: view)
        let after = try view.wait(for: "more to be done") { $0.value("targets_done") == 8 && isRead($0) }
        #expect(after.value("artifacts_stored") == 8 && after.value("leases_fenced") == 0, "\(after.summary)")
        #expect(after.value("leases_success") == 8 && after.conserves, "\(after.summary)")
        #expect(try node.terminate() == .exited(0))
        #expect(try cluster.terminate())
    }

    @Test func `an orchestrator that knows more than a restored ledger is refused, though that has gone on`() throws {
        let cluster = try cluster()
        try ingest(1...3, stream: 4, to: cluster)
        try cluster.view().wait(for: "the receipts") { $0.value("ledger_version") == 3 && isRead($0) }
        let backup = directory.file("backup")
        let json = try run("backup", "--hub", cluster.address(), "--with-secret", "--json", backup)
        #expect(json.end == .exited(0), "\(json.errors)")
        #expect(json.output.contains("\"orchestrator_directory\": \"\(backup)-orchestrator\""), "\(json.output)")
        #expect(json.output.contains("\"receipt_position\": 3"), "\(json.output)")
        try ingest(4...6, stream: 4, to: cluster)
        try cluster.view().wait(for: "more receipts") { $0.value("ledger_version") == 6 && isRead($0) }
        cluster.killNow()
        _ = try restore("coordinator", from: backup)
        try cluster.start(.coordinator)
        // Another node's: the ledger ends where the orchestrator has never been, and at other commits before.
        try ingest(1...9, stream: 5, to: cluster)
        try cluster.start(.orchestrator)
        let why =
            "the orchestrator has read receipts up to state version 6 but the ledger was restored at 3: ledger.db is "
            + "an older copy; restore a later backup, or stop both processes and run rookery restore --accept-loss "
            + "--state-version 3 --data DIR on the orchestrator's directory"
        let refused = try cluster.view().wait(for: "the refusal") { $0.alerts.contains("intake is closed: " + why) }
        #expect(refused.value("receipt_position") == 6)
        try cluster.view().wait(for: "the orchestrator to say so too") { status in
            status.alerts.contains { $0.hasPrefix("the coordinator is away: ") && $0.contains(why) }
        }
        #expect(try cluster.terminate())

        let orchestrator = directory.file("orchestrator")
        let hint = try run("restore", "--accept-loss", "--data", orchestrator)
        #expect(hint.end == .exited(1) && hint.errors.contains("add --state-version N"), "\(hint.errors)")
        let wrong = try run("restore", "--accept-loss", "--state-version", "3", "--data", directory.file("coordinator"))
        #expect(wrong.end == .exited(1))
        let accepted = try run("restore", "--accept-loss", "--state-version", "3", "--data", orchestrator)
        #expect(
            accepted.end == .exited(0)
                && accepted.output == "receipts after state version 3 are given up; they are read again from there\n")
        try cluster.start()
        let status = try cluster.view().wait(for: "the receipts of the new life") { isRead($0) }
        #expect(status.value("ledger_version") == 12 && status.value("artifacts_stored") == 12, "\(status.summary)")
        #expect(try cluster.terminate())
    }

    @Test func `an orchestrator restored by itself goes on with a coordinator that knows more`() throws {
        let (site, cluster) = (try Rookery.site(directory), try cluster())
        let node = try Rookery.node("n1", directory, hub: cluster.port())
        var view = try cluster.view()
        try submit(1...2, of: site, to: view)
        try view.wait(for: "the first") { $0.value("targets_done") == 2 && isRead($0) }
        let backup = directory.file("backup")
        #expect(try run("backup", "--hub", cluster.address(1), backup).end == .exited(0))
        try submit(3...5, of: site, to: view)
        let later = try view.wait(for: "the others") { $0.value("targets_done") == 5 && isRead($0) }
        cluster.killNow(.orchestrator)
        _ = try restore("orchestrator", from: backup + "-orchestrator")
        try cluster.start(.orchestrator)
        view = try cluster.view()
        let status = try view.wait(for: "receipts that it did not know") {
            isRead($0) && $0.value("late_notices") == 0 && $0.value("nodes_live") == 1
        }
        #expect(status.value("targets_submitted") == 2 && status.value("targets_done") == 2, "\(status.summary)")
        #expect(status.value("artifacts_stored") == later.value("artifacts_stored"), "\(status.summary)")
        // Its leases have the numbers of those that it does not know, and fences that nobody has seen.
        try submit(3...5, of: site, to: view)
        let again = try view.wait(for: "them again") { $0.value("targets_done") == 5 && isRead($0) }
        #expect(again.value("leases_success") == 5 && again.conserves, "\(again.summary)")
        #expect(try node.terminate() == .exited(0))
        #expect(try cluster.terminate())
    }

    @Test func `a part that cannot be copied is named, and the other is copied all the same`() throws {
        let cluster = try cluster()
        cluster.killNow(.orchestrator)
        let backup = directory.file("backup")
        let other = directory.file("other")
        let (end, output, errors) = try run(
            "backup", "--hub", cluster.address(), "--orchestrator-dir", other, backup)
        #expect(end == .exited(1))
        #expect(
            output == "backup of state version 0 made in \(backup); the dedup secret is not in it: keep a copy of that "
                + "file\n")
        #expect(errors.hasPrefix("rookery: the orchestrator made no backup: "), "\(errors)")
        try cluster.start(.orchestrator)
        let again = try run("backup", "--hub", cluster.address(), "--orchestrator-dir", other, backup)
        #expect(again.end == .exited(1))
        #expect(
            again.output
                == "backup of targets and leases, with receipts up to state version 0, made in \(other) on the "
                + "orchestrator's host\n")
        #expect(
            again.errors
                == "rookery: the coordinator made no backup: could not make the directory \(backup): File exists\n")
    }
}
