import Coordinator
import Model
import Storage
import Telemetry
import Transport
import Wire

/// Questions about artifacts: what is kept, what it was before, and who else sent it.
extension CoordinatorDesk {
    func list(_ list: Proto.ListArtifacts, _ envelope: Proto.Envelope, on connection: Connection) async {
        let limit = page(list.limit)
        let version = list.atVersion == 0 ? nil : list.atVersion
        await answer(envelope, on: connection) { coordinator throws(LedgerError) in
            .listArtifactsReply(try await coordinator.queries.list(before: list.before, limit: limit, at: version))
        }
    }

    func get(_ get: Proto.GetArtifact, _ envelope: Proto.Envelope, on connection: Connection) async {
        await answer(envelope, on: connection) { coordinator throws(LedgerError) in
            let id: UInt64?
            switch get.which {
            case .id(let number): id = number
            case .digest(let digest): id = try await coordinator.find(digest: Array(digest))
            case nil: id = nil
            }
            guard let id, var found = try await coordinator.queries.artifact(id, get) else { return nil }
            found.nearDuplicate = try await coordinator.patterns.nearDuplicate(of: id)
            return .getArtifactReply(found)
        }
    }

    func history(_ ask: Proto.ArtifactHistory, _ envelope: Proto.Envelope, on connection: Connection) async {
        let limit = page(ask.limit)
        await answer(envelope, on: connection) { coordinator throws(LedgerError) in
            guard var found = try await coordinator.queries.versions(of: ask.id, after: ask.after, limit: limit) else {
                return nil
            }
            let derived = coordinator.derived
            found.sightingsVersion = await derived.position
            found.sightings =
                try await derived.ask(SightingConsumer.self) { (consumer, database) throws(StorageError) in
                    try consumer.totals(of: ask.id, in: database)
                } ?? nil
            return .artifactHistoryReply(found)
        }
    }

    func explain(_ ask: Proto.ArtifactSightings, _ envelope: Proto.Envelope, on connection: Connection) async {
        await answer(envelope, on: connection) { coordinator throws(LedgerError) in
            guard var found = try await coordinator.queries.identity(of: ask.id) else { return nil }
            let derived = coordinator.derived
            found.sightingsVersion = await derived.position
            let told = try await derived.ask(SightingConsumer.self) { (consumer, database) throws(StorageError) in
                (
                    try consumer.totals(of: ask.id, in: database),
                    try consumer.witnesses(of: ask.id, node: ask.node, in: database)
                )
            }
            guard let told else { throw .unavailable("sightings are being read anew; ask again") }
            (found.totals, found.sightings) = told
            return .artifactSightingsReply(found)
        }
    }

    func missing(_ envelope: Proto.Envelope, on connection: Connection) async {
        await answer(envelope, on: connection) { coordinator throws(LedgerError) in
            .listMissingReply(Proto.ListMissingReply(ranges: try await coordinator.queries.missing()))
        }
    }

    private func page(_ limit: UInt32) -> Int {
        limit == 0 ? Limits.listLimit : min(Int(limit), Limits.listLimit)
    }

    /// Asks without making the connection wait; nil is answered as not found.
    private func answer(
        _ envelope: Proto.Envelope, on connection: Connection,
        _ question: (CoordinatorService) async throws(LedgerError) -> Proto.Envelope.Body?
    ) async {
        do throws(LedgerError) {
            let missing = Proto.Error(
                code: .notFound,
                message: "no artifact is kept under this id or digest; rookery artifacts list shows those that are",
                field: "which")
            reply(try await question(coordinator) ?? .error(missing), to: envelope, on: connection)
        } catch {
            refuse(envelope, on: connection, error)
        }
    }

    func refuse(_ envelope: Proto.Envelope, on connection: Connection, _ error: LedgerError) {
        if case .snapshotExpired = error {
            let answer = Proto.Error(code: .snapshotExpired, message: error.description, field: "at_version")
            return reply(.error(answer), to: envelope, on: connection)
        }
        if case .noSuchVersion = error {
            let answer = Proto.Error(code: .invalidField, message: error.description, field: "at_version")
            return reply(.error(answer), to: envelope, on: connection)
        }
        log.error("query failed", ["error": .of(error)])
        let answer = Proto.Error(
            code: .unavailable, message: error.description,
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        reply(.error(answer), to: envelope, on: connection)
    }
}
