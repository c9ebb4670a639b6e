/// Why bytes are not a frame. After one of these the stream has no next frame: the connection closes.
package enum FrameFault: Error, Hashable, Sendable, CustomStringConvertible {
    case zeroLength
    case tooLong(length: UInt32, limit: Int)
    case unknownFlags(UInt8)
    /// The payload is no zstd frame, or inflates beyond the limit.
    case compression(limit: Int)
    /// The rest of a frame did not come in time.
    case unfinished

    package var description: String {
        switch self {
        case .zeroLength: "a frame of length 0 has no flags; the length counts the flags byte and the payload"
        case .tooLong(let length, let limit): "a frame of \(length) bytes is longer than \(limit); send smaller ones"
        case .unknownFlags(let flags): "flags \(flags) are unknown; only bit 0, zstd, may be set"
        case .compression(let limit): "the payload is no zstd frame of at most \(limit) bytes; send it as it is"
        case .unfinished: "the rest of the frame did not come in time; send whole frames"
        }
    }
}
