/// Compression as the wire and the stores see it; the implementation lives with its C library.
package protocol ByteCompressor: Sendable {
    /// Appends one compressed frame to `output`.
    func compress(_ input: Span8, into output: inout [UInt8])
    /// Nil when the input is broken or would inflate past `limit` bytes; never allocates more than `limit`.
    func decompress(_ input: Span8, limit: Int) -> [UInt8]?
}

/// Bytes that lie in someone else's array.
package typealias Span8 = ArraySlice<UInt8>
