/// Why a frame is refused; the connection ends.
package enum FrameRejection: Error, Equatable, Sendable {
    case length(Int, limit: Int)
    case flags(UInt8)
    case compression
}

enum HeaderVerdict {
    case frame(length: Int, compressed: Bool)
    case reject(FrameRejection)
}

func judgeHeader(_ b: UnsafeBufferPointer<UInt8>, limit: Int) -> HeaderVerdict {
    let n = Int(b[0]) << 24 | Int(b[1]) << 16 | Int(b[2]) << 8 | Int(b[3])
    guard n >= 1, n <= limit else { return .reject(.length(n, limit: limit)) }
    guard b[4] & ~1 == 0 else { return .reject(.flags(b[4])) }
    return .frame(length: n - 1, compressed: b[4] & 1 == 1)
}
