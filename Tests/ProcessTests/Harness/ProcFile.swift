import Glibc

/// What the kernel says about processes.
enum ProcFile {
    static func read(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rbe") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "wbe") else { throw StoppedFiles.Failure(description: "\(path): errno \(errno)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw StoppedFiles.Failure(description: "\(path): errno \(errno)")
        }
    }

    /// R, S, T (stopped), Z (ended, not yet reaped), …; nil when there is no such process.
    static func state(of pid: pid_t) -> Character? {
        guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].dropFirst(2).first
    }

    /// The processes that this one started, those that have ended and were not asked for among them.
    static func children(of pid: pid_t) -> [pid_t] {
        entries("/proc").compactMap { pid_t($0) }.filter { child in
            guard let text = read("/proc/\(child)/stat"), let end = text.lastIndex(of: ")") else { return false }
            return text[end...].split(separator: " ").dropFirst(2).first == "\(pid)"
        }
    }

    /// Kilobytes that the process had resident at most.
    static func peakMemory(of pid: pid_t) -> Int? {
        guard let text = read("/proc/\(pid)/status") else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    }

    /// Living processes with all of these words on their command lines.
    static func processes(with words: [String]) -> [pid_t] {
        entries("/proc").compactMap { pid_t($0) }.filter { pid in
            guard let line = read("/proc/\(pid)/cmdline") else { return false }
            let given = line.split(separator: "\0").map(String.init)
            return words.allSatisfy(given.contains) && state(of: pid) != "Z"
        }
    }

    /// Connections to a listening port of this machine that nobody has accepted yet.
    static func unaccepted(at port: UInt16) -> Int {
        let place =
            ":" + String(repeating: "0", count: 4 - String(port, radix: 16).count)
            + String(port, radix: 16, uppercase: true)
        let listening = "0A"
        for line in (read("/proc/net/tcp") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 4, fields[1].hasSuffix(place), fields[3] == listening else { continue }
            return fields[4].split(separator: ":").last.flatMap { Int($0, radix: 16) } ?? 0
        }
        return 0
    }

    /// The names in a directory.
    static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
