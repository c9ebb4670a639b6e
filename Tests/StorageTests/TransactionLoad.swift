import Glibc
import Model

@testable import Storage

/// Seeded transactions against one store, with a record of what was promised about each.
struct TransactionLoad {
    enum Outcome: Hashable {
        case committed
        case refused
        case unknown
    }

    private(set) var outcomes: [Int64: Outcome] = [:]
    /// Errors that were thrown by a COMMIT and are not `commitUnknown`.
    private(set) var falseAnswers: [StorageError] = []
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    static func prepare(_ database: Database) throws(StorageError) {
        try database.transaction { () throws(StorageError) in
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS
                    done(number INTEGER PRIMARY KEY, rows INTEGER NOT NULL, sum INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS item(number INTEGER NOT NULL, content BLOB NOT NULL);
                CREATE INDEX IF NOT EXISTS item_number ON item(number)
                """)
        }
    }

    /// Runs until the transactions are through or the connection can be used no more.
    mutating func run(on database: Database, transactions: Int, checkpointEvery: UInt64 = 5) {
        for _ in 0..<transactions where !database.isPoisoned {
            let number = Int64(outcomes.count + 1)
            outcomes[number] = one(number, on: database)
            if random.oneIn(checkpointEvery) {
                _ = try? database.checkpoint(random.oneIn(2) ? .passive : .truncate)
            }
        }
    }

    private mutating func one(_ number: Int64, on database: Database) -> Outcome {
        // One byte over and over: whether it is whole can be seen at once.
        let contents = (0...random.below(4)).map { _ in
            [UInt8](repeating: UInt8(random.below(256)), count: 1 + Int(random.below(3_000)))
        }
        let sum = contents.reduce(Int64(0)) { $0 + Int64($1.count) * 256 + Int64($1[0]) }
        var isWhole = false
        do throws(StorageError) {
            try database.transaction { () throws(StorageError) in
                for content in contents {
                    try database.run("INSERT INTO item VALUES(?, ?)", .int(number), .blob(content))
                }
                try database.run("INSERT INTO done VALUES(?, ?, ?)", .int(number), .int(contents.count), .int(sum))
                isWhole = true
            }
            return .committed
        } catch {
            if isWhole, error.code != .commitUnknown { falseAnswers.append(error) }
            return error.code == .commitUnknown ? .unknown : .refused
        }
    }

    /// What the store holds against what was promised: empty when every promise is kept.
    func broken(in database: Database) throws(StorageError) -> [String] {
        var problems = try database.integrityCheck()
        var found: Set<Int64> = []
        try database.query("SELECT number, rows, sum FROM done") { row in found.insert(row.int(0)) }
        for (number, outcome) in outcomes {
            switch outcome {
            case .committed where !found.contains(number): problems.append("lost \(number)")
            case .refused where found.contains(number): problems.append("stored \(number), which was refused")
            default: break
            }
        }
        problems += try wrongContents(in: database)
        return problems
    }

    private func wrongContents(in database: Database) throws(StorageError) -> [String] {
        var stored: [Int64: (rows: Int64, sum: Int64)] = [:]
        try database.query("SELECT number, content FROM item") { row in
            let sum = row.withBlob(1) { bytes in
                bytes.baseAddress.map { memcmp($0, $0 + 1, bytes.count - 1) == 0 } == true
                    ? Int64(bytes.count) * 256 + Int64(bytes[0]) : -1
            }
            let before = stored[row.int(0)] ?? (0, 0)
            stored[row.int(0)] = (before.rows + 1, before.sum + sum)
        }
        var problems: [String] = []
        try database.query("SELECT number, rows, sum FROM done") { row in
            let whole = stored.removeValue(forKey: row.int(0))
            if whole?.rows != row.int(1) || whole?.sum != row.int(2) { problems.append("torn \(row.int(0))") }
        }
        return problems + stored.keys.map { "half of \($0)" }
    }
}
