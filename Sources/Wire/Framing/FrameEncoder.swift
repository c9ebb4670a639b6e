package import Model

/// Makes frames: one allocation each, the envelope written where it will be sent from.
package struct FrameEncoder: Sendable {
    private let compressor: (any ByteCompressor)?
    private let threshold: Int

    /// With a compressor, payloads above `threshold` bytes are compressed where that makes them smaller.
    package init(compressor: (any ByteCompressor)? = nil, threshold: Int = Limits.compressFrameAbove) {
        self.compressor = compressor
        self.threshold = threshold
    }

    /// The frame, header included. Throws when even the envelope as it is would be longer than the receiver takes,
    /// who may not inflate beyond that either.
    package func encode(_ envelope: Proto.Envelope, limit: Int = Limits.maxFrame) throws(FrameFault) -> [UInt8] {
        var plain = envelope.encoded(room: FrameHeader.size)
        guard plain.count - 4 <= limit else {
            throw .tooLong(length: UInt32(clamping: plain.count - 4), limit: limit)
        }
        if let compressor, plain.count - FrameHeader.size > threshold {
            var small = [UInt8](repeating: 0, count: FrameHeader.size)
            compressor.compress(plain[FrameHeader.size...], into: &small)
            if small.count < plain.count {
                FrameHeader.write(into: &small, isCompressed: true)
                return small
            }
        }
        FrameHeader.write(into: &plain, isCompressed: false)
        return plain
    }
}
