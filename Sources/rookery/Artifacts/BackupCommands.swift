import Coordinator
import Glibc
import Lifecycle
import Model
import Orchestrator
import Telemetry
import Wire

extension Command {
    static let backup = Command(
        name: "backup", summary: "copy a running hub's state into a new directory on the hub's host",
        operands: "DIR", operandCount: 1...1,
        flags: [.hub, Flag(name: "with-secret", help: "copy the dedup secret too: keep such a backup private"), .json],
        examples: ["rookery backup /var/backups/rookery/monday", "rookery backup ./monday --with-secret"],
        run: { arguments in
            let request = Proto.Backup(
                key: try Operator.key(), directory: try BackupText.absolute(arguments.operands[0]),
                withSecret: arguments.has("with-secret"))
            let reply = try await Operator.with(arguments) { hub in
                while true {
                    let answer = try await hub.ask(.backup(request))
                    guard case .backupReply(let reply) = answer else { throw Operator.unexpected(answer) }
                    if reply.state != .running { return reply }
                    await hub.pause(BackupText.poll)
                }
            }
            guard reply.state == .done else { throw CommandError("no backup was made: \(reply.message)") }
            if arguments.has("json") {
                Output.json { BackupText.fields(reply, request.directory, &$0) }
            } else {
                Terminal.out(BackupText.text(reply, request))
            }
            return ExitStatus.done
        })

    static let restore = Command(
        name: "restore", summary: "make a data directory from a backup, or let one serve that lacks something",
        flags: [
            Flag(name: "from", value: "DIR", help: "the backup"),
            Flag(name: "data", value: "DIR", help: "the hub's data directory; the hub must be stopped"),
            Flag(name: "accept-loss", help: "give up what nodes were told is stored and this directory lacks"),
        ],
        examples: [
            "rookery restore --from /var/backups/rookery/monday --data /var/lib/rookery/hub",
            "rookery restore --accept-loss --data /var/lib/rookery/hub",
        ],
        run: { arguments in
            let data = try arguments.required("data")
            let lock = try DirectoryLock(directory: data)
            defer { withExtendedLifetime(lock.directory) {} }
            guard arguments.has("from") || arguments.has("accept-loss") else {
                throw UsageError(
                    "say --from DIR to restore a backup, or --accept-loss to serve without what is missing")
            }
            if let source = arguments.string("from") {
                let (manifest, incarnation) = try Restore(from: source, to: data).perform(wall: SystemTime().wall())
                Terminal.out(
                    "restored state version \(manifest.stateVersion) into \(data); "
                        + "its incarnation is \(incarnation), was \(manifest.incarnation)\n")
            }
            if arguments.has("accept-loss") {
                let (ranges, version) = try Restore.acceptLoss(in: data)
                try OrchestratorService.limitReceipts(path: data + "/" + Restore.orchestrator, to: version)
                Terminal.out(
                    "\(ranges) missing ranges are given up; streams go on from what nodes still hold. "
                        + "Once the hub runs, rookery streams missing lists them\n")
            }
            return ExitStatus.done
        })

    static let missingStreams = Command(
        name: "streams missing", summary: "list what nodes were told is stored and this cluster does not hold",
        flags: [.hub, .json], examples: ["rookery streams missing"],
        run: { arguments in
            let ranges = try await Operator.with(arguments) { hub in
                let answer = try await hub.ask(.listMissing(Proto.ListMissing()))
                guard case .listMissingReply(let reply) = answer else { throw Operator.unexpected(answer) }
                return reply.ranges
            }
            if arguments.has("json") { BackupText.json(ranges) } else { Terminal.out(BackupText.table(ranges)) }
            return ExitStatus.done
        })
}

/// Backups and losses in words and in JSON.
enum BackupText {
    static let poll = Span.milliseconds(200)

    /// The hub may have another working directory than this command.
    static func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else { throw CommandError("the working directory is gone; name a path from /") }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    static func text(_ reply: Proto.BackupReply, _ request: Proto.Backup) -> String {
        let secret =
            request.withSecret
            ? "it holds the dedup secret: keep it private" : "the dedup secret is not in it: keep a copy of that file"
        return "backup of state version \(reply.stateVersion) made in \(request.directory); \(secret)\n"
    }

    static func fields(_ reply: Proto.BackupReply, _ directory: String, _ writer: inout JSONWriter) {
        writer.field("directory", directory)
        writer.field("state_version", reply.stateVersion)
        writer.field("receipt_position", reply.receiptPosition)
        writer.field("ledger_bytes", reply.copiedBytes)
    }

    static func table(_ ranges: [Proto.MissingRange]) -> String {
        guard !ranges.isEmpty else { return "nothing is missing\n" }
        var table = Table(["STREAM", "NODE", "FIRST", "LAST", "FOUND", "STATE"])
        for range in ranges {
            table.add([
                String(range.stream, radix: 16), Output.cell(range.node), "\(range.first)", "\(range.last)",
                WallTime(milliseconds: range.foundAtMs).rfc3339, range.accepted ? "given up" : "open",
            ])
        }
        return table.text
    }

    static func json(_ ranges: [Proto.MissingRange]) {
        Output.json { writer in
            writer.field("ranges") { writer in
                writer.array { writer in
                    for range in ranges {
                        writer.object { writer in
                            writer.field("stream", String(range.stream, radix: 16))
                            writer.field("node", range.node)
                            writer.field("first", range.first)
                            writer.field("last", range.last)
                            writer.field("found_at", WallTime(milliseconds: range.foundAtMs).rfc3339)
                            writer.field("accepted", range.accepted)
                        }
                    }
                }
            }
        }
    }
}
