import Glibc
import Model

/// A file's lines one after another, in bounded memory. A line that is too long is given cut off, and said to be.
struct LineReader: ~Copyable {
    struct Line {
        let number: UInt64
        let bytes: [UInt8]
        let isTooLong: Bool

        var isBlank: Bool { bytes.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 } }
    }

    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var place = 0
    private var number: UInt64 = 0
    private var isAtEnd = false

    /// `-` is standard input.
    init(path: String) throws(CommandError) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw CommandError("cannot read \(path): \(String(cString: strerror(errno)))") }
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Nil at the end.
    mutating func next() throws(CommandError) -> Line? {
        var bytes: [UInt8] = []
        var isTooLong = false
        while true {
            if place == buffer.count, try !fill() {
                guard !bytes.isEmpty || isTooLong else { return nil }
                break
            }
            let rest = buffer[place...]
            let end = rest.firstIndex(of: 10)
            let piece = rest[..<(end ?? rest.endIndex)]
            let room = Limits.maxTargetLine - bytes.count
            bytes += piece.prefix(room)
            isTooLong = isTooLong || piece.count > room
            place = end.map { $0 + 1 } ?? rest.endIndex
            if end != nil { break }
        }
        number += 1
        return Line(number: number, bytes: bytes, isTooLong: isTooLong)
    }

    private mutating func fill() throws(CommandError) -> Bool {
        guard !isAtEnd else { return false }
        var fresh = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &fresh, fresh.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandError("cannot read \(path): \(String(cString: strerror(errno)))") }
            isAtEnd = count == 0
            buffer = Array(fresh[..<count])
            place = 0
            return count > 0
        }
    }
}
