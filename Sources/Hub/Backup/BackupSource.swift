import Coordinator
import Lifecycle
import Model
import Orchestrator
import Wire

/// What of a cluster a process copies into a directory. The manifest comes after everything: a directory without one is
/// no backup.
protocol BackupSource: Sendable {
    func copy(_ request: Proto.Backup) async throws -> Proto.BackupReply
    var bytesCopied: UInt64 { get }
}

/// The coordinator's files, and in a hub the orchestrator's.
struct CoordinatorBackup: BackupSource {
    let coordinator: CoordinatorService
    let orchestrator: OrchestratorService?

    var bytesCopied: UInt64 { coordinator.bytesCopied }

    func copy(_ request: Proto.Backup) async throws -> Proto.BackupReply {
        await coordinator.holdHistory()
        do {
            let reply = try await make(request)
            await coordinator.releaseHistory()
            return reply
        } catch {
            await coordinator.releaseHistory()
            throw error
        }
    }

    /// The ledger comes last, so that every position in the other files lies at or below its version.
    private func make(_ request: Proto.Backup) async throws -> Proto.BackupReply {
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
        try BackupFiles.write(manifest, in: to)
        return Proto.BackupReply(
            state: .done, copiedBytes: copy.bytes, stateVersion: copy.version, receiptPosition: position)
    }
}

/// The files of an orchestrator that is a process of its own: its database, and who it is.
struct OrchestratorBackup: BackupSource {
    let orchestrator: OrchestratorService
    let directory: String
    let incarnation: UInt64
    let whereabouts: Whereabouts

    var bytesCopied: UInt64 { 0 }

    func copy(_ request: Proto.Backup) async throws -> Proto.BackupReply {
        let to = request.directory
        try BackupFiles.makeDirectory(to)
        let position = try await orchestrator.copy(to: to + "/" + Restore.orchestrator)
        // It takes the place of the one before at once, so that what is read is one of them.
        let seat = try BackupFiles.text(directory + "/" + SeatFile.name)
        try BackupFiles.write(Array(seat.utf8), to: to + "/" + SeatFile.name)
        var manifest = BackupManifest.ofOrchestrator(
            cluster: whereabouts.current.cluster.id, incarnation: incarnation, receiptPosition: position)
        for name in [SeatFile.name, Restore.orchestrator] {
            manifest.files.append(try await OrchestratorBackup.seal(to, name))
        }
        try BackupFiles.write(manifest, in: to)
        return Proto.BackupReply(
            state: .done, copiedBytes: manifest.files.reduce(0) { $0 + $1.size }, receiptPosition: position)
    }

    /// Reads the whole file, which nobody else should wait for.
    private static func seal(_ directory: String, _ name: String) async throws -> BackupManifest.File {
        let thread = try WorkerThread(name: "backup", nice: 10)
        let sealed: Result<BackupManifest.File, LedgerError> = await withCheckedContinuation { continuation in
            thread.execute {
                continuation.resume(
                    returning: Result { () throws(LedgerError) in try BackupFiles.seal(directory, name) })
            }
        }
        thread.stop()
        return try sealed.get()
    }
}
