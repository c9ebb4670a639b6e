/// A target's identity: 16 bytes of BLAKE2b over its type and location.
package struct TargetID: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless there are exactly 16 bytes.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    package init?(_ bytes: ArraySlice<UInt8>) {
        guard let id = bytes.withUnsafeBytes({ TargetID($0) }) else { return nil }
        self = id
    }

    package init?(_ bytes: [UInt8]) { self.init(bytes[...]) }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    package static func < (a: TargetID, b: TargetID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// The number that grows with every lease of a target. A data directory's incarnation comes first, so that no fence
/// is ever repeated by a restored copy.
package struct Fence: Hashable, Comparable, Sendable {
    package let incarnation: UInt64
    package let counter: UInt64

    package init(incarnation: UInt64, counter: UInt64) {
        self.incarnation = incarnation
        self.counter = counter
    }

    package static func < (a: Fence, b: Fence) -> Bool {
        (a.incarnation, a.counter) < (b.incarnation, b.counter)
    }
}

/// A lease, as everyone but the orchestrator sees it: enough to say which one, and whether it is the latest.
package struct LeaseRef: Hashable, Sendable {
    package let lease: UInt64
    package let target: TargetID
    package let fence: Fence

    package init(lease: UInt64, target: TargetID, fence: Fence) {
        self.lease = lease
        self.target = target
        self.fence = fence
    }
}

/// One live connection of this process. Numbers are not used again while the process lives.
package struct ConnectionID: Hashable, Sendable {
    package let number: UInt64
    package init(_ number: UInt64) { self.number = number }
}
