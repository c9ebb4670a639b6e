import CZlib
import CZstd

/// Takes a stream apart piece by piece in bounded memory: gzip, zstd, or as it is. What it is shows in its first
/// bytes, whatever its name says.
package final class StreamDecoder {
    package struct Broken: Error, Equatable {
        package let words: String
    }

    private enum Form {
        case unknown  // to one of the others, with the first four bytes or the end
        case plain
        case zstd(OpaquePointer)
        case gzip(UnsafeMutablePointer<z_stream>)
    }

    private var form = Form.unknown
    private var input: [UInt8] = []
    private var place = 0
    private var hasEnded = false  // of a frame or a member; another may follow
    /// Whether what comes out is what goes in, so that a place in the one is a place in the other.
    package var isPlain: Bool { if case .plain = form { true } else { false } }

    package init() {}

    deinit {
        switch form {
        case .zstd(let stream): ZSTD_freeDStream(stream)
        case .gzip(let stream):
            inflateEnd(stream)
            stream.deallocate()
        case .unknown, .plain: break
        }
    }

    /// Whether it needs more before it can give more.
    package var isHungry: Bool { place >= input.count }

    package func feed(_ bytes: [UInt8]) {
        input = place < input.count ? Array(input[place...]) + bytes : bytes
        place = 0
    }

    /// At most `limit` bytes more, perhaps none. `atEnd`: nothing will be fed any more.
    package func take(_ limit: Int, atEnd: Bool) throws(Broken) -> [UInt8] {
        if case .unknown = form { try recognise(atEnd) }
        switch form {
        case .unknown: return []
        case .plain:
            let taken = Array(input[place..<min(input.count, place + limit)])
            place += taken.count
            return taken
        case .zstd(let stream): return try zstd(stream, limit, atEnd)
        case .gzip(let stream): return try gzip(stream, limit, atEnd)
        }
    }

    private func recognise(_ atEnd: Bool) throws(Broken) {
        guard input.count >= 4 || atEnd else { return }
        if input.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            guard let stream = ZSTD_createDStream() else { throw Broken(words: "out of memory") }
            form = .zstd(stream)
        } else if input.starts(with: [0x1F, 0x8B]) {
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            guard rookery_inflate_init(stream) == Z_OK else {
                stream.deallocate()
                throw Broken(words: "out of memory")
            }
            form = .gzip(stream)
        } else {
            form = .plain
        }
    }

    private func zstd(_ stream: OpaquePointer, _ limit: Int, _ atEnd: Bool) throws(Broken) -> [UInt8] {
        if isHungry {
            if atEnd, !hasEnded { throw Broken(words: "its zstd stream is cut off") }
            return []
        }
        var code = 0
        let content = [UInt8](unsafeUninitializedCapacity: limit) { space, count in
            input.withUnsafeBytes { bytes in
                var from = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: place)
                var to = ZSTD_outBuffer(dst: space.baseAddress, size: limit, pos: 0)
                code = ZSTD_decompressStream(stream, &to, &from)
                place = from.pos
                count = to.pos
            }
        }
        if ZSTD_isError(code) != 0 { throw Broken(words: "its zstd stream is broken") }
        hasEnded = code == 0
        return content
    }

    private func gzip(_ stream: UnsafeMutablePointer<z_stream>, _ limit: Int, _ atEnd: Bool) throws(Broken) -> [UInt8] {
        if isHungry {
            if atEnd, !hasEnded { throw Broken(words: "its gzip stream is cut off") }
            return []
        }
        if hasEnded {
            // Members may follow one another.
            inflateReset(stream)
            hasEnded = false
        }
        var code: Int32 = 0
        let content = [UInt8](unsafeUninitializedCapacity: limit) { space, count in
            input.withUnsafeMutableBytes { bytes in
                stream.pointee.next_in = bytes.baseAddress?.advanced(by: place).assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(clamping: bytes.count - place)
                stream.pointee.next_out = space.baseAddress
                stream.pointee.avail_out = UInt32(clamping: limit)
                code = inflate(stream, Z_NO_FLUSH)
                place = bytes.count - Int(stream.pointee.avail_in)
                count = limit - Int(stream.pointee.avail_out)
            }
        }
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
            throw Broken(words: "its gzip stream is broken")
        }
        hasEnded = code == Z_STREAM_END
        return content
    }
}
