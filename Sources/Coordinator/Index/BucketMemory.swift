import Glibc

/// Where an index has its buckets: in pieces that the kernel may map as one large page each. Look-ups go everywhere,
/// and with small pages the processor would wait for the page's address nearly as often as for the bucket.
struct BucketMemory: ~Copyable {
    private static let pieceSize = 2 << 20  // bytes: a large page
    private static let stride = Bucket.size * MemoryLayout<UInt64>.stride

    private var pieces: [UnsafeMutableRawPointer] = []
    private var free: [UnsafeMutablePointer<UInt64>] = []

    deinit {
        for piece in pieces { piece.deallocate() }
    }

    mutating func take() -> UnsafeMutablePointer<UInt64> {
        if free.isEmpty { grow() }
        return free.removeLast()
    }

    mutating func give(_ bucket: UnsafeMutablePointer<UInt64>) { free.append(bucket) }

    private mutating func grow() {
        let piece = UnsafeMutableRawPointer.allocate(
            byteCount: BucketMemory.pieceSize, alignment: BucketMemory.pieceSize)
        // An index that holds little takes little. Advice that the kernel does not follow costs speed alone.
        madvise(piece, BucketMemory.pieceSize, pieces.isEmpty ? MADV_NOHUGEPAGE : MADV_HUGEPAGE)
        pieces.append(piece)
        let starts = Swift.stride(
            from: 0, through: BucketMemory.pieceSize - BucketMemory.stride, by: BucketMemory.stride)
        // The first is taken first.
        free = starts.reversed().map { (piece + $0).assumingMemoryBound(to: UInt64.self) }
    }
}
