import Coordinator
import Model
import Transport
import Wire

/// Reputation and ranking, as the derived thread holds them.
extension HubContext {
    func standing(_ get: Proto.GetNodeReputation, _ envelope: Proto.Envelope, on connection: Connection) async {
        let decisions = min(Int(get.decisions), Int(Limits.decisionsKept))
        do throws(LedgerError) {
            let found = try await coordinator.derived.standing(of: get.name, decisions: decisions, at: time.wall())
            guard let answered = found else { return refuseForNow(envelope, on: connection) }
            guard let standing = answered else {
                let message = "nothing came from a node named \(get.name) yet; rookery nodes list shows those known"
                let error = Proto.Error(code: .notFound, message: message, field: "name")
                return reply(.error(error), to: envelope, on: connection)
            }
            reply(.getNodeReputationReply(standing), to: envelope, on: connection)
        } catch {
            refuse(envelope, on: connection, error)
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
