import Glibc
import Model
import Synchronization
import Telemetry
import Wire

/// Makes backups while the process works, one at a time, and says how the last one went.
final class BackupDesk: Sendable {
    private struct Job {
        var key: ArraySlice<UInt8>
        var reply: Proto.BackupReply
    }

    private let source: any BackupSource
    private let log: Logger
    private let job = Mutex<Job?>(nil)

    init(_ source: any BackupSource, log: Logger) {
        self.source = source
        self.log = log
    }

    /// Starts the backup, or says how far the one of this key is.
    func answer(_ request: Proto.Backup) -> Proto.Envelope.Body {
        if let refusal = refusal(of: request) { return .error(refusal) }
        let answer: (body: Proto.Envelope.Body, isNew: Bool) = job.withLock { job in
            if let known = job, known.key == request.key { return (.backupReply(known.reply), false) }
            if job?.reply.state == .running {
                let busy = Proto.Error(code: .tooBusy, message: "another backup is running; wait for its end")
                return (.error(busy), false)
            }
            let reply = Proto.BackupReply(state: .running)
            job = Job(key: request.key, reply: reply)
            return (.backupReply(reply), true)
        }
        if answer.isNew { Task { await run(request) } }
        guard case .backupReply(var reply) = answer.body, reply.state == .running else { return answer.body }
        reply.copiedBytes = source.bytesCopied
        return .backupReply(reply)
    }

    private func refusal(of request: Proto.Backup) -> Proto.Error? {
        if request.key.count != 16 {
            return Proto.Error(
                code: .invalidField, message: "key has \(request.key.count) bytes; send 16 random ones", field: "key")
        }
        guard request.directory.hasPrefix("/"), request.directory.utf8.count < Int(PATH_MAX) else {
            return Proto.Error(
                code: .invalidField,
                message: "directory is \(request.directory); a path from / on the hub's host is accepted",
                field: "directory")
        }
        return nil
    }

    private func run(_ request: Proto.Backup) async {
        let reply: Proto.BackupReply
        do {
            reply = try await source.copy(request)
            log.info(
                "backup made",
                [
                    "directory": .text(request.directory), "version": .number(reply.stateVersion),
                    "receipt_position": .number(reply.receiptPosition),
                ])
        } catch {
            log.error("backup failed", ["directory": .text(request.directory), "error": .text("\(error)")])
            reply = Proto.BackupReply(state: .failed, message: "\(error)")
        }
        job.withLock { $0?.reply = reply }
    }
}
