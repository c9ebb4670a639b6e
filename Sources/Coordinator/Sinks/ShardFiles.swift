import Glibc

/// Why a file of the sink could not be used.
package struct ShardError: Error, Equatable, CustomStringConvertible {
    package let description: String

    static func system(_ what: String, _ path: String) -> ShardError {
        ShardError(description: "could not \(what) \(path): \(String(cString: strerror(errno)))")
    }
}

/// The few things done to files here, each until it is done or has failed by name.
struct ShardFiles {
    let directory: String

    init(_ directory: String) throws(ShardError) {
        self.directory = directory
        guard mkdir(directory, 0o750) == 0 || errno == EEXIST else { throw .system("make", directory) }
    }

    private func path(_ name: String) -> String { directory + "/" + name }

    /// Makes the file exactly `length` bytes long; what is behind was never counted. Too short a file has lost
    /// something that was.
    func cut(_ name: String, to length: UInt64) throws(ShardError) {
        let descriptor = open(path(name), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path(name)) }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { throw .system("look at", path(name)) }
        guard UInt64(found.st_size) >= length else {
            throw ShardError(
                description: "\(path(name)) has \(found.st_size) bytes and \(length) were written to it; bring back "
                    + "the whole file, or move the directory of shards away, and the feed goes on in a new shard")
        }
        guard UInt64(found.st_size) > length else { return }
        guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
            throw .system("cut", path(name))
        }
    }

    /// Writes at `offset`, drops what was behind it, and returns once all of it is on disk.
    func append(_ bytes: [UInt8], to name: String, at offset: UInt64) throws(ShardError) {
        let descriptor = open(path(name), O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("open", path(name)) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(offset)) == 0 else { throw .system("cut", path(name)) }
        try write(bytes, to: descriptor, at: offset, name)
        guard fsync(descriptor) == 0 else { throw .system("sync", path(name)) }
        if offset == 0 { try syncDirectory() }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32, at offset: UInt64, _ name: String) throws(ShardError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(
                    descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write to", path(name)) }
            done += count
        }
    }

    /// The whole file at once, or the one before.
    func replace(_ name: String, with bytes: [UInt8]) throws(ShardError) {
        let temporary = ".\(name).new"
        try append(bytes, to: temporary, at: 0)
        guard rename(path(temporary), path(name)) == 0 else { throw .system("replace", path(name)) }
        try syncDirectory()
    }

    func remove(_ name: String) throws(ShardError) {
        guard unlink(path(name)) == 0 || errno == ENOENT else { throw .system("remove", path(name)) }
    }

    func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }

    /// Up to `limit` bytes from `offset` on; empty when there are none, or no file.
    func read(_ name: String, from offset: UInt64, limit: Int) throws(ShardError) -> [UInt8] {
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw .system("open", path(name))
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = pread(descriptor, &bytes, limit, off_t(offset))
        guard count >= 0 else { throw .system("read", path(name)) }
        return Array(bytes[..<count])
    }

    private func syncDirectory() throws(ShardError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync", directory) }
    }
}
