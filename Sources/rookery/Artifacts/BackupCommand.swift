import Glibc
import Model
import Telemetry
import Wire

extension Command {
    static let backup = Command(
        name: "backup",
        summary: "copy a running hub's state, or both processes', into a new directory on the hub's host",
        operands: "DIR", operandCount: 1...1,
        flags: [
            .hub, Flag(name: "with-secret", help: "copy the dedup secret too: keep such a backup private"),
            Flag(
                name: "orchestrator-dir", value: "DIR",
                help: "on the host of an orchestrator that is a process of its own (default DIR-orchestrator)"), .json,
        ],
        examples: ["rookery backup /var/backups/rookery/monday", "rookery backup ./monday --with-secret"],
        run: { arguments in
            let directory = try Backup.absolute(arguments.operands[0])
            let other = try arguments.string("orchestrator-dir").map(Backup.absolute) ?? directory + "-orchestrator"
            let backup = try await Operator.with(arguments) { hub in
                try await Backup(of: hub, to: directory, and: other, withSecret: arguments.has("with-secret"))
            }
            if arguments.has("json"), backup.isThere {
                Output.json { backup.fields(&$0) }
            } else {
                Terminal.out(backup.text)
            }
            if let failure = backup.failure { throw CommandError(failure) }
            return ExitStatus.done
        })
}

/// What was copied, and where.
private struct Backup {
    private struct Copy {
        var directory: String
        var reply: Proto.BackupReply
    }

    /// The coordinator's part, which in a hub holds the orchestrator's.
    private var coordinator: Copy?
    private var orchestrator: Copy?
    private let withSecret: Bool
    /// What is missing, and why.
    private(set) var failure: String?

    var isThere: Bool { coordinator != nil || orchestrator != nil }

    private static let poll = Span.milliseconds(200)

    /// The orchestrator's part comes first: it never knows of receipts that the ledger's copy does not have.
    init(of hub: Operator, to directory: String, and other: String, withSecret: Bool) async throws {
        self.withSecret = withSecret
        var failures: [String] = []
        for place in try await hub.places() {
            let isOrchestrator = place.role == .orchestrator
            let request = Proto.Backup(
                key: try Operator.key(), directory: isOrchestrator ? other : directory,
                withSecret: withSecret && !isOrchestrator)
            do {
                let copy = Copy(
                    directory: request.directory, reply: try await Backup.make(request, at: place, of: hub))
                if isOrchestrator { orchestrator = copy } else { coordinator = copy }
            } catch {
                let part = place.role == .unspecified ? "no backup was made" : "the \(place.role) made no backup"
                failures.append("\(part): \(error)")
            }
        }
        if !failures.isEmpty { failure = failures.joined(separator: "; ") }
    }

    private static func make(
        _ request: Proto.Backup, at place: Operator.Place, of hub: Operator
    ) async throws -> Proto.BackupReply {
        while true {
            let answer = try await place.ask(.backup(request))
            guard case .backupReply(let reply) = answer else { throw Operator.unexpected(answer) }
            switch reply.state {
            case .running: await hub.pause(poll)
            case .done: return reply
            default: throw CommandError(reply.message)
            }
        }
    }

    /// The hub may have another working directory than this command.
    static func absolute(_ path: String) throws -> String {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else { throw CommandError("the working directory is gone; name a path from /") }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    var text: String {
        var text = ""
        if let orchestrator {
            text +=
                "backup of targets and leases, with receipts up to state version "
                + "\(orchestrator.reply.receiptPosition), made in \(orchestrator.directory) on the orchestrator's "
                + "host\n"
        }
        if let coordinator {
            let secret =
                withSecret
                ? "it holds the dedup secret: keep it private"
                : "the dedup secret is not in it: keep a copy of that file"
            text +=
                "backup of state version \(coordinator.reply.stateVersion) made in \(coordinator.directory); "
                + "\(secret)\n"
        }
        return text
    }

    func fields(_ writer: inout JSONWriter) {
        if let coordinator {
            writer.field("directory", coordinator.directory)
            writer.field("state_version", coordinator.reply.stateVersion)
        }
        if let orchestrator { writer.field("orchestrator_directory", orchestrator.directory) }
        if let reply = orchestrator?.reply ?? coordinator?.reply {
            writer.field("receipt_position", reply.receiptPosition)
        }
        if let coordinator { writer.field("ledger_bytes", coordinator.reply.copiedBytes) }
    }
}
