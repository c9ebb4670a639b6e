import Coordinator
import Glibc
import Model
import Orchestrator
import Synchronization
import Telemetry
import Wire

/// Makes backups while the hub works, one at a time, and says how the last one went.
final class BackupDesk: Sendable {
    private struct Job {
        var key: ArraySlice<UInt8>
        var reply: Proto.BackupReply
    }

    private let coordinator: CoordinatorService
    private let orchestrator: OrchestratorService?
    private let log: Logger
    private let job = Mutex<Job?>(nil)

    init(coordinator: CoordinatorService, orchestrator: OrchestratorService?, log: Logger) {
        self.coordinator = coordinator
        self.orchestrator = orchestrator
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
        reply.copiedBytes = coordinator.bytesCopied
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
            reply = try await make(request)
            log.info("backup made", ["directory": .text(request.directory), "version": .number(reply.stateVersion)])
        } catch {
            log.error("backup failed", ["directory": .text(request.directory), "error": .text("\(error)")])
            reply = Proto.BackupReply(state: .failed, message: "\(error)")
        }
        job.withLock { $0?.reply = reply }
    }

    /// The ledger comes last, so that every position in the other files lies at or below its version. The manifest
    /// comes after everything: a directory without one is no backup.
    private func make(_ request: Proto.Backup) async throws -> Proto.BackupReply {
        await coordinator.holdHistory()
        do {
            let reply = try await copy(request)
            await coordinator.releaseHistory()
            return reply
        } catch {
            await coordinator.releaseHistory()
            throw error
        }
    }

    private func copy(_ request: Proto.Backup) async throws -> Proto.BackupReply {
        let to = request.directory
        try BackupFiles.makeDirectory(to)
        var names = [Restore.ledger]
        var position: UInt64 = 0
        if let orchestrator {
            position = try await orchestrator.copy(to: to + "/" + Restore.orchestrator)
            names.append(Restore.orchestrator)
        }
        if try await coordinator.derived.copy(to: to + "/" + Restore.derived) { names.append(Restore.derived) }
        let copy = try await coordinator.copy(to: to + "/" + Restore.ledger)
        if request.withSecret { names += try BackupFiles.write(secretsOf: copy, in: to) }
        var manifest = BackupManifest(
            cluster: coordinator.identity.clusterID, incarnation: coordinator.identity.incarnation,
            stateVersion: copy.version, receiptPosition: position, secretID: copy.current.id)
        manifest.nextSecretID = copy.next?.id
        for name in names { manifest.files.append(try await coordinator.seal(to, name)) }
        try BackupFiles.write(Array(try manifest.text().utf8), to: to + "/" + BackupManifest.name)
        try BackupFiles.sync(to)
        return Proto.BackupReply(
            state: .done, copiedBytes: copy.bytes, stateVersion: copy.version, receiptPosition: position)
    }
}
