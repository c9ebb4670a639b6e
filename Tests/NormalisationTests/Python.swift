import Glibc

/// The definition of NFKC_Casefold (Unicode, 3.13, R5), spelled out over another implementation's tables.
enum Python {
    struct Failed: Error {}

    private static let program = """
        import random, unicodedata
        def ignorable(c):
            return (c in (0xAD, 0x34F, 0x61C, 0x3164, 0xFEFF, 0xFFA0) or 0x115F <= c <= 0x1160 or 0x17B4 <= c <= 0x17B5
                or 0x180B <= c <= 0x180F or 0x200B <= c <= 0x200F or 0x202A <= c <= 0x202E or 0x2060 <= c <= 0x206F
                or 0xFE00 <= c <= 0xFE0F or 0xFFF0 <= c <= 0xFFF8 or 0x1BCA0 <= c <= 0x1BCA3
                or 0x1D173 <= c <= 0x1D17A or 0xE0000 <= c <= 0xE0FFF)
        def fold(text):
            text = unicodedata.normalize('NFD', text)
            while True:
                kept = ''.join(c for c in text if not ignorable(ord(c)))
                folded = unicodedata.normalize('NFKC', kept.casefold())
                if folded == text: return text
                text = folded
        white = [9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028,
                 0x2029, 0x202F, 0x205F, 0x3000]
        table = {c: ' ' for c in white}
        rows = random.Random(5)
        blocks = [(0x20, 0x7F), (0x20, 0x7F), (0x80, 0x250), (0x250, 0x590), (0x590, 0x2000), (0x300, 0x370),
                  (0x2000, 0x2C00), (0x3000, 0x3400), (0xA640, 0xB000), (0xAC00, 0xAC40), (0x1100, 0x1200),
                  (0xF900, 0xFFF0), (0x10400, 0x10450), (0x1D400, 0x1D800), (0x1F100, 0x1F200)]
        for _ in range(3000):
            text = ''
            while len(text) < rows.randrange(1, 40):
                c = chr(rows.randrange(*rows.choice(blocks)))
                if unicodedata.category(c) not in ('Cn', 'Cs', 'Co'): text += c
            form = ' '.join(w for w in fold(text).translate(table).split(' ') if w)
            print(text.encode().hex() + '-' + form.encode().hex())
        """

    /// Seeded random texts of assigned characters, each with its form.
    static func foldedTexts() throws -> [([UInt8], [UInt8])] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        let words: [String] = ["python3", "-c", program]
        var arguments = words.map { strdup($0) }
        arguments.append(nil)
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
        return try output.split(separator: 10).map { line in
            let halves = line.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw Failed() }
            return (bytes(halves[0]), bytes(halves[1]))
        }
    }

    private static func bytes(_ hex: ArraySlice<UInt8>) -> [UInt8] {
        let digits = hex.map { $0 < 58 ? $0 - 48 : $0 - 87 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
