import Glibc
import Model
import Wire

/// The inputs that mutation begins with: kept as files, so that an input which once broke something stays.
package enum Corpus {
    package struct FileFailure: Error, CustomStringConvertible {
        package let path: String
        package init(path: String) { self.path = path }
        package var description: String { "cannot read or write \(path); `swift run fuzz corpus` restores the seeds" }
    }

    /// The files of a directory, by name.
    package static func read(_ directory: String) throws(FileFailure) -> [(name: String, bytes: [UInt8])] {
        guard let handle = opendir(directory) else { throw FileFailure(path: directory) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        var files: [(name: String, bytes: [UInt8])] = []
        for name in names.sorted() {
            files.append((name, try readFile("\(directory)/\(name)")))
        }
        return files
    }

    private static func readFile(_ path: String) throws(FileFailure) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw FileFailure(path: path) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }

    package static func write(
        _ files: [(name: String, bytes: [UInt8])], to directory: String
    ) throws(FileFailure) {
        mkdir(directory, 0o755)
        for (name, bytes) in files {
            guard let file = fopen("\(directory)/\(name)", "wb") else { throw FileFailure(path: directory) }
            let written = fwrite(bytes, 1, bytes.count, file)
            guard fclose(file) == 0, written == bytes.count else { throw FileFailure(path: directory) }
        }
    }

    /// Seeds by name: one small envelope of each kind, whole and broken.
    package static func envelopes() -> [(name: String, bytes: [UInt8])] {
        samples.enumerated().map { index, body in
            let name = "\(body)".prefix { $0 != "(" }
            return (String(name), Proto.Envelope(id: UInt64(index + 1), body: body).encoded())
        }
            + [
                ("empty", []), ("only-id", Proto.Envelope(id: 5).encoded()), ("unknown-body", [8, 7, 0xFA, 0x3F, 0]),
                ("group", [8, 7, 11]), ("truncated", [8, 7, 82, 100, 8]),
                ("long-varint", [8] + Array(repeating: 255, count: 11)),
                ("field-zero", [0, 1]), ("reserved-wire-type", [15]), ("bad-utf8", [82, 3, 34, 1, 0xC0]),
            ]
    }

    /// Seeds by name: what a connection may send, sound and hostile.
    package static func streams() -> [(name: String, bytes: [UInt8])] {
        let encoder = FrameEncoder()
        func frame(_ body: Proto.Envelope.Body, id: UInt64) -> [UInt8] {
            (try? encoder.encode(Proto.Envelope(id: id, body: body))) ?? []
        }
        let roles: [Proto.Role] = [.node, .operator, .orchestrator, .coordinator]
        let opened = roles.map { role in
            ("\(role)", frame(.hello(hello(role)), id: 1) + frame(.ping(Proto.Ping(payload: [1, 2])), id: 2))
        }
        let start = frame(.hello(hello(.node)), id: 1)
        let talk = samples.enumerated().reduce(into: start) { $0 += frame($1.element, id: UInt64($1.offset + 2)) }
        return opened + [
            ("node-says-everything", talk), ("empty", []), ("zero-length", [0, 0, 0, 0]),
            ("too-long", [0xFF, 0xFF, 0xFF, 0xFF]), ("unknown-flags", [0, 0, 0, 2, 0x80, 0]),
            ("compressed-garbage", [0, 0, 0, 4, 1, 9, 9, 9]), ("half-a-header", [0, 0]),
            ("half-a-frame", Array(start.dropLast(3))), ("http", Array("GET / HTTP/1.1\r\n\r\n".utf8)),
            ("empty-envelope", [0, 0, 0, 1, 0]), ("no-hello", frame(.ping(Proto.Ping()), id: 1)),
        ]
    }

    private static func hello(_ role: Proto.Role) -> Proto.Hello {
        Proto.Hello(versionMin: 1, versionMax: 2, role: role, name: "seed-1", software: "fuzz", credentials: [1])
    }
}
