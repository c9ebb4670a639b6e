import Compression
import Model
import Sealing
import Storage
import TestKit
import Wire

@testable import Coordinator

/// A data directory with its secrets, as the service keeps them, and its process, which can be killed at any step.
final class KeyFixture {
    let directory: TemporaryDirectory
    private(set) var ledger: Ledger
    private(set) var secrets: SecretKeeper
    private(set) var intake: Intake
    private let scope: DedupScope?
    let now = WallTime(milliseconds: 1_700_000_000_000)

    init(in directory: TemporaryDirectory = TemporaryDirectory(), scope: DedupScope? = nil) throws {
        self.directory = directory
        self.scope = scope
        (ledger, secrets, intake) = try KeyFixture.open(directory, scope)
    }

    deinit { ledger.close() }

    static func open(
        _ directory: TemporaryDirectory, _ scope: DedupScope?
    ) throws -> (Ledger, SecretKeeper, Intake) {
        var random = SeededRandom(seed: 1)
        let path = directory.file("ledger.db")
        let found = try SecretKeeper.Found(in: directory.path, ledger: path)
        var place = LedgerPlace(path: path, secretID: found.current.id, compressor: Zstd())
        place.nextSecretID = found.next?.id
        place.scope = scope
        let ledger = try Ledger(place, random: &random)
        do {
            let secrets = try SecretKeeper(found, ledger)
            return (ledger, secrets, try Intake(secrets.ring))
        } catch {
            ledger.abandon()
            throw error
        }
    }

    /// Leaves the files as `kill -9` would, and starts on them.
    func kill() throws {
        ledger.abandon()
        (ledger, secrets, intake) = try KeyFixture.open(directory, scope)
    }

    func prepared(
        _ artifacts: [Proto.Artifact], stream: UInt64, first: UInt64 = 1, node: String = "n1"
    ) throws -> PreparedBatch {
        let items = artifacts.map { Proto.Item(kind: .artifact($0)) }
        let batch = Proto.IngestBatch(stream: stream, firstSequence: first, items: items)
        return try intake.prepare(batch, node: node, now: now)
    }

    @discardableResult
    func send(
        _ artifacts: [Proto.Artifact], stream: UInt64, first: UInt64 = 1, node: String = "n1"
    ) throws -> [Proto.Verdict] {
        let batch = try prepared(artifacts, stream: stream, first: first, node: node)
        return try ledger.commit([batch], now: now).results[0].verdicts
    }

    func beginChange(request: UInt8 = 1) throws {
        let next = try secrets.makeNext()
        try ledger.beginChange(
            to: next.id, rawSeed: secrets.ring.current.rawSeed, request: Array(repeating: request, count: 16))
        try secrets.follow(ledger)
    }

    /// Names the next slice anew, as the caretaker does. False: there was none.
    func step() throws -> Bool {
        guard let change = ledger.keys.change else { return false }
        let reader = try LedgerReader(ledger.place)
        defer { reader.close() }
        let renamer = Renamer(reader, try IdentityHasher(secrets.ring.current))
        let (segments, done) = try renamer.slice(after: change.done, end: change.end)
        try ledger.rename(segments, done: done)
        return true
    }

    func endChange() throws {
        try ledger.endChange()
        try secrets.follow(ledger)
    }

    func reading<T>(_ body: (LedgerReader) throws -> T) throws -> T {
        let reader = try LedgerReader(ledger.place)
        defer { reader.close() }
        return try body(reader)
    }
}
