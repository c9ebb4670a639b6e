import Coordinator
import Telemetry
import Transport
import Wire

/// What operators ask for so that stored data lives long.
extension CoordinatorDesk {
    func rekey(_ request: Proto.Rekey, _ envelope: Proto.Envelope, on connection: Connection) async {
        guard request.key.count == 16 else {
            let refusal = Proto.Error(
                code: .invalidField, message: "key has \(request.key.count) bytes; send 16 random ones", field: "key")
            return reply(.error(refusal), to: envelope, on: connection)
        }
        do throws(LedgerError) {
            let keys = try await coordinator.rekey(request: Array(request.key))
            log.info("dedup secret is changed", ["version": .number(UInt64(keys.version))])
            reply(.rekeyReply(Proto.RekeyReply(keys)), to: envelope, on: connection)
        } catch {
            if case .rekey = error {
                let busy = Proto.Error(code: .tooBusy, message: error.description)
                return reply(.error(busy), to: envelope, on: connection)
            }
            refuse(envelope, on: connection, error)
        }
    }

    /// How far history is compacted, and stored data named under a new secret.
    func keepingCounters(_ status: CoordinatorStatus) -> [Proto.Counter] {
        let compaction = status.compaction
        let change = status.keyChange
        return [
            ("compacted_to_version", compaction.floor), ("compacted_commits", compaction.commits),
            ("compacted_receipts", compaction.receipts), ("compacted_sightings", compaction.sightings),
            ("compacted_versions", compaction.versions), ("ledger_free_bytes", status.freeBytes),
            ("identity_version", UInt64(status.identityVersion)), ("rekey_total", change?.end ?? 0),
            ("rekey_done", change?.done ?? 0),
        ].map { Proto.Counter(name: $0.0, value: $0.1) }
    }
}

extension Proto.RekeyReply {
    fileprivate init(_ keys: KeyState) {
        self.init(
            secretId: (keys.change?.secretID ?? keys.secretID)[...], identityVersion: UInt32(keys.version),
            done: keys.change == nil, renamed: keys.change?.done ?? 0, total: keys.change?.end ?? 0)
    }
}
