import Coordinator
import Hub
import Lifecycle
import Model
import Orchestrator
import Telemetry

extension Command {
    static let restore = Command(
        name: "restore", summary: "make a data directory from a backup, or let one serve that lacks something",
        flags: [
            Flag(name: "from", value: "DIR", help: "the backup, a hub's or one part's"),
            Flag(name: "data", value: "DIR", help: "the data directory; what serves from it must be stopped"),
            Flag(name: "accept-loss", help: "give up what nodes were told is stored and this directory lacks"),
            Flag(
                name: "state-version", value: "N",
                help:
                    "with --accept-loss, of an orchestrator's own directory: where its coordinator's ledger ends"
            ),
        ],
        examples: [
            "rookery restore --from /var/backups/rookery/monday --data /var/lib/rookery/hub",
            "rookery restore --from /var/backups/rookery/monday-orchestrator --data /var/lib/rookery/orchestrator",
            "rookery restore --accept-loss --data /var/lib/rookery/hub",
        ],
        run: { arguments in
            let data = try arguments.required("data")
            let version = try arguments.integer("state-version", in: 0...Int.max).map(UInt64.init)
            guard arguments.has("from") || arguments.has("accept-loss") else {
                throw UsageError(
                    "say --from DIR to restore a backup, or --accept-loss to serve without what is missing")
            }
            guard version == nil || arguments.has("accept-loss") else {
                throw UsageError("--state-version goes with --accept-loss")
            }
            let lock = try DirectoryLock(directory: data)
            defer { withExtendedLifetime(lock.directory) {} }
            if let source = arguments.string("from") { Terminal.out(try Restoring.restore(source, to: data)) }
            if arguments.has("accept-loss") { Terminal.out(try Restoring.acceptLoss(in: data, version)) }
            return ExitStatus.done
        })
}

/// What is done to a directory, and the words for it.
private enum Restoring {
    static func restore(_ source: String, to data: String) throws -> String {
        let wall = SystemTime().wall()
        let (manifest, incarnation) = try Restore(from: source, to: data).perform(wall: wall)
        guard let incarnation else {
            // Every start begins a life, and so does this.
            var random = SystemRandom()
            let seat = try SeatFile(beginIn: data, wall: wall, random: &random)
            return "restored targets and leases, with receipts up to state version \(manifest.receiptPosition), into "
                + "\(data); its incarnation is \(seat.incarnation), was \(manifest.incarnation). The coordinator's "
                + "part is a backup of its own; one whose ledger ends earlier refuses this orchestrator\n"
        }
        let rest =
            manifest.holds(Restore.orchestrator)
            ? ""
            : ". Targets and leases are not in it: the orchestrator has a backup of its own, and one that has read "
                + "later receipts than this is refused"
        return "restored state version \(manifest.stateVersion) into \(data); its incarnation is \(incarnation), was "
            + "\(manifest.incarnation)\(rest)\n"
    }

    static func acceptLoss(in data: String, _ version: UInt64?) throws -> String {
        let orchestrator = data + "/" + Restore.orchestrator
        if let version {
            guard !BackupFiles.exists(data + "/" + Restore.ledger), BackupFiles.exists(orchestrator) else {
                throw CommandError(
                    "--state-version is for the data directory of an orchestrator apart; \(data) is none")
            }
            try OrchestratorService.limitReceipts(path: orchestrator, to: version)
            return "receipts after state version \(version) are given up; they are read again from there\n"
        }
        if !BackupFiles.exists(data + "/" + Restore.ledger), BackupFiles.exists(orchestrator) {
            throw CommandError(
                "\(data) holds an orchestrator and no ledger; add --state-version N, which the coordinator names where "
                    + "it refuses this orchestrator (rookery status)")
        }
        let (ranges, end) = try Restore.acceptLoss(in: data)
        try OrchestratorService.limitReceipts(path: orchestrator, to: end)
        return "\(ranges) missing ranges are given up; streams go on from what nodes still hold. "
            + "Once the hub runs, rookery streams missing lists them\n"
    }
}
