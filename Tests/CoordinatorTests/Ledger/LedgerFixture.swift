import Compression
import Model
import Storage
import TestKit
import Wire

@testable import Coordinator

/// A ledger in a directory of its own, and batches for it.
final class LedgerFixture {
    let directory = TemporaryDirectory()
    let secret: DedupSecret
    private(set) var ledger: Ledger
    private var random = SeededRandom(seed: 1)
    var now = WallTime(milliseconds: 1_700_000_000_000)

    init() throws {
        secret = try DedupSecret(bytes: Array(repeating: 9, count: 32))
        ledger = try LedgerFixture.open(directory, secret, &random)
    }

    deinit { ledger.close() }

    private static func open(
        _ directory: TemporaryDirectory, _ secret: DedupSecret, _ random: inout SeededRandom
    ) throws -> Ledger {
        try Ledger(place(directory, secret), random: &random)
    }

    private static func place(_ directory: TemporaryDirectory, _ secret: DedupSecret) -> LedgerPlace {
        LedgerPlace(path: directory.file("ledger.db"), secretID: secret.id, compressor: Zstd())
    }

    var place: LedgerPlace { LedgerFixture.place(directory, secret) }

    /// What a killed process leaves: the files as they are, opened again.
    func restart() throws {
        ledger.close()
        ledger = try LedgerFixture.open(directory, secret, &random)
    }

    func prepared(
        _ artifacts: [Proto.Artifact], stream: UInt64 = 5, first: UInt64, node: String = "n1",
        lease: LeaseRef? = nil
    ) throws -> PreparedBatch {
        let batch = Proto.IngestBatch(
            stream: stream, firstSequence: first,
            items: artifacts.map { Proto.Item(lease: lease == nil ? 0 : 1, kind: .artifact($0)) },
            leases: lease.map { [$0.wire] } ?? [])
        return try Intake(hasher: IdentityHasher(secret: secret, salt: ledger.identity.salt))
            .prepare(batch, node: node, now: now)
    }

    func commit(_ artifacts: [Proto.Artifact], stream: UInt64 = 5, first: UInt64) throws -> BatchResult {
        try ledger.commit([prepared(artifacts, stream: stream, first: first)], now: now).results[0]
    }

    static func artifact(_ text: String, source: String = "http://a.example/", type: String = "text") -> Proto.Artifact
    {
        Proto.Artifact(contentType: type, content: Array(text.utf8)[...], rawSource: source)
    }
}

extension BatchResult {
    var codes: [Proto.VerdictCode] { verdicts.map(\.code) }

    var verdicts: [Proto.Verdict] {
        if case .applied(let verdicts, _, _) = self { verdicts } else { [] }
    }
}
