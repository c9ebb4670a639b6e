package import Model

/// The five bytes before a payload: a length, big-endian, and flags.
package struct FrameHeader: Hashable, Sendable {
    package static let size = 5
    static let zstdFlag: UInt8 = 1

    /// The bytes that follow the header.
    package let bodyLength: Int
    package let isCompressed: Bool

    package enum Judgement: Hashable, Sendable {
        case needMore
        case frame(FrameHeader)
        case reject(FrameFault)
    }

    /// Judges a frame by what is there of its header, before anybody waits for its body. `limit` is the receiver's
    /// max_frame; bytes behind the header do not matter.
    package static func judge(_ bytes: ArraySlice<UInt8>, limit: Int) -> Judgement {
        guard bytes.count >= 4 else { return .needMore }
        let start = bytes.startIndex
        let length = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard length > 0 else { return .reject(.zeroLength) }
        guard length <= UInt64(limit) else { return .reject(.tooLong(length: length, limit: limit)) }
        guard bytes.count >= size else { return .needMore }
        let flags = bytes[start + 4]
        guard flags & ~zstdFlag == 0 else { return .reject(.unknownFlags(flags)) }
        return .frame(FrameHeader(bodyLength: Int(length) - 1, isCompressed: flags & zstdFlag != 0))
    }

    /// Fills in the header of a frame that is complete but for it.
    static func write(into frame: inout [UInt8], isCompressed: Bool) {
        let length = UInt32(frame.count - 4)
        for place in 0..<4 { frame[place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
        frame[4] = isCompressed ? zstdFlag : 0
    }
}

package enum Frame {
    /// The envelope's bytes: the body itself, or what it inflates to within `limit`.
    package static func payload(
        of body: ArraySlice<UInt8>, isCompressed: Bool, compressor: (any ByteCompressor)?, limit: Int
    ) throws(FrameFault) -> ArraySlice<UInt8> {
        guard isCompressed else { return body }
        guard let inflated = compressor?.decompress(body, limit: limit), inflated.count <= limit else {
            throw .compression(limit: limit)
        }
        return inflated[...]
    }
}
