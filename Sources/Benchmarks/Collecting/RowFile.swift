import Glibc
import Model
import Wire

/// A JSONL file of rows that are all different, written in pieces, and the target that collects it.
struct RowFile {
    let path: String
    let rows: Int

    /// Rows of about `rowBytes` bytes each; their texts come again after 64 rows, their numbers never.
    init(_ path: String, rows: Int, rowBytes: Int, seed: UInt64) throws(LoadFailure) {
        self.path = path
        self.rows = rows
        var generator = TextGenerator(seed: seed)
        let texts = (0..<64).map { _ in generator.text(bytes: max(16, rowBytes - 48)) }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LoadFailure(description: "\(path): errno \(errno)") }
        defer { close(file) }
        var piece: [UInt8] = []
        piece.reserveCapacity(2 * Limits.mebibyte)
        for number in 1...rows {
            piece += "{\"seed\": \(seed), \"number\": \(number), \"text\": \"".utf8
            piece += texts[number % texts.count]
            piece += "\"}\n".utf8
            guard piece.count >= Limits.mebibyte || number == rows else { continue }
            guard write(file, piece, piece.count) == piece.count else {
                throw LoadFailure(description: "\(path): errno \(errno)")
            }
            piece.removeAll(keepingCapacity: true)
        }
    }

    var size: Int { ScratchDirectory.size(ofFile: path) }

    var target: Proto.TargetSpec {
        Proto.TargetSpec(
            type: "dataset", location: path, schedule: .once, metadata: ["collect.rows": "10000000"])
    }
}
