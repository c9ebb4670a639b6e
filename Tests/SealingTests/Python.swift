import Glibc

/// An independent implementation to compare with.
enum Python {
    struct Failed: Error {}

    private static let program = """
        import hashlib, sys
        for line in sys.argv[1:]:
            length, size, salt, person = line.split()
            content = bytes((i * 7 + (i >> 8)) & 255 for i in range(int(length)))
            print(hashlib.blake2b(content, digest_size=int(size), key=bytes(range(32)),
                                  salt=bytes.fromhex(salt[:-1]), person=bytes.fromhex(person[:-1])).hexdigest())
        """

    /// The digest for each line "length size salt- personalisation-", in hexadecimal.
    static func digests(_ lines: [String]) throws -> [String] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var arguments = (["python3", "-c", program] + lines).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        let spawned = posix_spawnp(&child, "python3", &actions, nil, &arguments, environ)
        close(ends[1])
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(ends[0], &piece, piece.count), count > 0 { output += piece[..<count] }
        close(ends[0])
        var status: Int32 = 0
        guard spawned == 0, waitpid(child, &status, 0) == child, status == 0 else { throw Failed() }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
