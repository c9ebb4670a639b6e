package import Model
import Storage
package import Wire

/// One item as it lies in the spool.
struct ItemRow {
    enum Form: Int64 {
        case plain = 0
        case zstd = 1
    }

    /// What a row costs beside its body, about.
    static let overhead: UInt64 = 128

    var position: UInt64
    var lease: LeaseRef
    var mark: UInt64?
    var size: Int
    var form: Form
    var body: [UInt8]

    var stored: UInt64 { UInt64(body.count) + ItemRow.overhead }

    init(_ item: CollectedItem, lease: LeaseRef, position: UInt64, compressor: any ByteCompressor) {
        let plain = Proto.Item(kind: item.kind).encoded()
        var packed: [UInt8] = []
        compressor.compress(plain[...], into: &packed)
        self.position = position
        self.lease = lease
        mark = item.mark
        size = plain.count
        form = packed.count < plain.count ? .zstd : .plain
        body = form == .zstd ? packed : plain
    }
}

/// One item as it is read back to be sent.
package struct SpooledItem: Sendable, Equatable {
    package var sequence: UInt64
    package var lease: LeaseRef
    package var item: Proto.Item
    package var size: Int
}

extension Row {
    /// Columns `first` to `first` + 3: lease, target, incarnation, counter.
    borrowing func lease(_ first: Int32) throws(StorageError) -> LeaseRef {
        guard let target = TargetID(blob(first + 1)) else {
            throw StorageError(.corrupt, "a row of the spool names no target; stop and restore the node's directory")
        }
        return LeaseRef(
            lease: uint(first), target: target,
            fence: Fence(incarnation: uint(first + 2), counter: uint(first + 3)))
    }

    borrowing func outcome() throws(StorageError) -> Outcome {
        var result = CollectionResult(
            Proto.OutcomeKind(rawValue: Int32(truncatingIfNeeded: int(4))), error: text(5),
            status: UInt32(truncatingIfNeeded: int(6)), retryAfter: .milliseconds(uint(7)))
        (result.crawlDelay, result.address) = (.milliseconds(uint(14)), text(15))
        // Written by this node; reports that cannot be read are reports that are lost.
        result.keep(hosts: (try? Proto.LeaseOutcome(decoding: blob(16)))?.hosts ?? [])
        return Outcome(
            lease: try lease(0), result: result, items: UInt32(truncatingIfNeeded: int(8)),
            duration: .milliseconds(uint(9)), stream: uint(10), lastSequence: uint(11), lastPosition: uint(12),
            isAcknowledged: int(13) != 0)
    }
}

extension LeaseRef {
    /// In the order that `Row.lease` reads.
    var columns: [SQLValue] {
        [.int(lease), .blob(target.bytes), .int(fence.incarnation), .int(fence.counter)]
    }
}

extension Outcome {
    /// In the order that `Row.outcome` reads.
    var columns: [SQLValue] {
        lease.columns + [
            .int(Int64(result.kind.rawValue)), .text(result.error), .int(result.status),
            .int(result.retryAfter.milliseconds), .int(items), .int(duration.milliseconds), .int(stream),
            .int(lastSequence), .int(lastPosition), .int(Int64(isAcknowledged ? 1 : 0)),
            .int(result.crawlDelay.milliseconds),
            .text(result.address), .blob(Proto.LeaseOutcome(hosts: result.hosts).encoded()),
        ]
    }
}
