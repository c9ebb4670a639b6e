import Model
package import Wire

/// The orchestrator in a process of its own that this ledger's receipts are for. There is one.
package struct OrchestratorSeat: Hashable, Sendable {
    /// 16 bytes from its data directory.
    package var id: [UInt8]
    /// Grows with each of its starts.
    package var incarnation: UInt64
    /// Where nodes and operators reach it.
    package var address: String
    /// Receipts up to this state version were another's: an orchestrator that has read none begins here.
    package var since: UInt64

    package init(id: [UInt8], incarnation: UInt64, address: String, since: UInt64) {
        self.id = id
        self.incarnation = incarnation
        self.address = address
        self.since = since
    }

    /// Why an orchestrator is turned away.
    package enum Refusal: Error, Hashable, Sendable {
        /// Another process has the seat.
        case taken(String)
        case invalid(field: String, String)
    }

    /// The seat after this claim.
    package static func claim(
        _ claim: Proto.Seat, over current: OrchestratorSeat?, cluster: [UInt8], version: UInt64
    ) throws(Refusal) -> OrchestratorSeat {
        guard claim.id.count == 16 else {
            throw .invalid(
                field: "seat.id", "it has \(claim.id.count) bytes; send 16 random ones that are kept")
        }
        guard claim.address.utf8.count <= 256 else {
            throw .invalid(
                field: "seat.address", "it has \(claim.address.utf8.count) bytes; send HOST:PORT, of at most 256")
        }
        guard claim.clusterId.isEmpty || claim.clusterId.elementsEqual(cluster) else {
            throw .invalid(
                field: "seat.cluster_id",
                "the orchestrator has read receipts of cluster \(short(claim.clusterId)) and this is "
                    + "\(short(cluster[...])); give it the address of its own coordinator")
        }
        guard var seat = current, seat.id.elementsEqual(claim.id) else {
            if let current, !claim.takeOver { throw .taken(sentence(current)) }
            return OrchestratorSeat(
                id: Array(claim.id), incarnation: claim.incarnation, address: claim.address, since: version)
        }
        guard claim.incarnation >= seat.incarnation else {
            throw .taken(
                "this orchestrator has started as incarnation \(seat.incarnation) since incarnation "
                    + "\(claim.incarnation); stop the older process")
        }
        seat.incarnation = claim.incarnation
        seat.address = claim.address
        return seat
    }

    private static func sentence(_ seat: OrchestratorSeat) -> String {
        "this coordinator serves the orchestrator \(short(seat.id[...])) at \(seat.address); stop that one, or start "
            + "with --take-over where it is gone for good"
    }

    private static func short(_ id: ArraySlice<UInt8>) -> String { Hex.text(Array(id.prefix(4))) }
}

extension OrchestratorSeat {
    /// As it lies among the ledger's single values.
    var text: String { "\(Hex.text(id)) \(incarnation) \(since) \(address)" }

    init?(text: String) {
        let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, let id = Hex.bytes(words[0]), let incarnation = UInt64(words[1]),
            let since = UInt64(words[2])
        else { return nil }
        self.init(id: id, incarnation: incarnation, address: String(words[3]), since: since)
    }
}
