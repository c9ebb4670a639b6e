import Coordinator
import Model
import Transport
import Wire

/// Reputation and ranking, as the derived thread holds them.
extension CoordinatorDesk {
    func standing(_ get: Proto.GetNodeReputation, _ envelope: Proto.Envelope, on connection: Connection) async {
        let decisions = min(Int(get.decisions), Int(Limits.decisionsKept))
        if get.atVersion != 0 { return await past(get, decisions, envelope, on: connection) }
        do throws(LedgerError) {
            let found = try await coordinator.derived.standing(of: get.name, decisions: decisions, at: time.wall())
            guard let answered = found else { return refuseForNow(envelope, on: connection) }
            guard var standing = answered else { return unknown(get.name, envelope, on: connection) }
            standing.rating = coordinator.ratings.rating(of: get.name)
            reply(.getNodeReputationReply(standing), to: envelope, on: connection)
        } catch {
            refuse(envelope, on: connection, error)
        }
    }

    private func unknown(_ name: String, _ envelope: Proto.Envelope, on connection: Connection) {
        let message = "nothing came from a node named \(name) yet; rookery nodes list shows those known"
        reply(.error(Proto.Error(code: .notFound, message: message, field: "name")), to: envelope, on: connection)
    }

    private func past(
        _ get: Proto.GetNodeReputation, _ decisions: Int, _ envelope: Proto.Envelope, on connection: Connection
    ) async {
        func refuse(_ message: String) {
            let error = Proto.Error(code: .invalidField, message: message, field: "at_version")
            reply(.error(error), to: envelope, on: connection)
        }
        do throws(LedgerError) {
            let found = try await coordinator.derived.standing(
                of: get.name, decisions: decisions, atVersion: get.atVersion)
            switch found {
            case nil: refuseForNow(envelope, on: connection)
            case .unknown: unknown(get.name, envelope, on: connection)
            case .standing(let standing): reply(.getNodeReputationReply(standing), to: envelope, on: connection)
            case .ahead(let newest):
                refuse("reputation is not computed for state version \(get.atVersion) yet; the newest is \(newest)")
            case .forgotten(let oldest):
                refuse(
                    "decisions about \(get.name) up to state version \(get.atVersion) are not kept; "
                        + "the oldest kept is of \(oldest)")
            }
        } catch {
            self.refuse(envelope, on: connection, error)
        }
    }

    func top(_ top: Proto.TopArtifacts, _ envelope: Proto.Envelope, on connection: Connection) async {
        let limit = top.limit == 0 ? Limits.candidatesShown : min(Int(top.limit), Limits.candidatesLimit)
        do throws(LedgerError) {
            guard let found = try await coordinator.derived.top(limit, at: time.wall()) else {
                return refuseForNow(envelope, on: connection)
            }
            var answer = Proto.TopArtifactsReply(stateVersion: await coordinator.derived.position)
            let kept = try await coordinator.queries.artifacts(found.map(\.artifact))
            guard let current = try await coordinator.derived.current(found, of: kept) else {
                return refuseForNow(envelope, on: connection)
            }
            for candidate in current {
                guard let artifact = kept[candidate.artifact] else { continue }
                answer.artifacts.append(
                    Proto.RankedArtifact(artifact: artifact, score: candidate.score, effective: candidate.effective))
            }
            reply(.topArtifactsReply(answer), to: envelope, on: connection)
        } catch {
            refuse(envelope, on: connection, error)
        }
    }

    private func refuseForNow(_ envelope: Proto.Envelope, on connection: Connection) {
        let error = Proto.Error(
            code: .unavailable, message: "what follows the ledger is being opened; ask again",
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        reply(.error(error), to: envelope, on: connection)
    }
}
