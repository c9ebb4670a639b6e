/// Artifacts of one batch made ready to be stored as a segment, before it is certain that they are new and what their
/// ids will be. If one of them turns out to be a duplicate, the ledger makes segments of the others itself.
package struct Seal: Sendable {
    /// Places of the artifacts in the batch, in order.
    package internal(set) var places: [Int]
    /// Their identities; weight and node are still to be filled in.
    var packed: [UInt8]
    var records: Packed
    var contents: Packed

    /// Compressed bytes, and how many they were.
    struct Packed: Sendable {
        var bytes: [UInt8]
        var length: Int
    }
}
