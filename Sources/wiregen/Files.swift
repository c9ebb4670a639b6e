import Glibc

func readAll(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Failure("cannot open \(path) (errno \(errno))") }
    defer { fclose(file) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        guard count > 0 else { break }
        content += chunk[..<count]
    }
    guard ferror(file) == 0 else { throw Failure("cannot read \(path) to its end") }
    return content
}

func save(_ text: String, to path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure("cannot write \(path) (errno \(errno))") }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw Failure("cannot write all of \(path)") }
}

func complain(_ sentence: String) -> Never {
    let line = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}
