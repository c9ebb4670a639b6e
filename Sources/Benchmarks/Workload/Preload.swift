import Compression
import Coordinator
import Glibc
import Model
import Wire

/// Fills a hub's data directory with artifacts of the workload the way the product does: each is validated, normalised,
/// hashed, compared, compressed and committed; only the network is left out.
struct Preload {
    var workload: IngestWorkload
    /// How many different artifacts, from the workload's first on.
    var count: Int

    private static let lanes = 3  // more than processors, so that the ledger never waits
    private static let batches = 8  // of one step: a full group
    private static let batch = Limits.maxBatch

    private struct Step: Sendable {
        var lane: Int
        var batches: [PreparedBatch]
    }

    func fill(_ directory: String, progress: (String) -> Void) async throws {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw LoadFailure(description: "could not make \(directory): errno \(errno)")
        }
        let path = directory + "/ledger.db"
        let secret = try DedupSecret.open(in: directory, ledger: path)
        var random = SystemRandom()
        let ledger = try Ledger(
            LedgerPlace(path: path, secretID: secret.id, compressor: Zstd()), random: &random)
        defer { ledger.close() }
        let maker = Maker(
            preload: self, secret: secret, salt: ledger.identity.salt, known: ledger.known)
        var told = 0
        try await withThrowingTaskGroup(of: Step?.self) { group in
            var lanes = Array(repeating: 0, count: Preload.lanes)
            for lane in lanes.indices { group.addTask { try maker.step(0, lane) } }
            while let next = try await group.next() {
                guard let step = next else { continue }
                lanes[step.lane] += 1
                let number = lanes[step.lane]
                group.addTask { try maker.step(number, step.lane) }
                try commit(step.batches, to: ledger)
                if ledger.head.stored >= UInt64(told + 1_000_000) {
                    told += 1_000_000
                    progress("\(told) stored")
                }
            }
        }
        guard ledger.head.stored == UInt64(count) else {
            throw LoadFailure(description: "\(ledger.head.stored) artifacts were stored where \(count) are different")
        }
    }

    private func commit(_ batches: [PreparedBatch], to ledger: Ledger) throws {
        let outcome = try ledger.commit(batches, now: SystemTime().wall())
        for case .gap(let last) in outcome.results {
            throw LoadFailure(description: "the ledger saw a gap after \(last)")
        }
        if ledger.head.stateVersion % 4 == 0 { try ledger.checkpoint() }
    }

    /// Prepares the batches of one step, on any thread. Lane by lane the steps are one stream.
    private struct Maker: Sendable {
        let preload: Preload
        let secret: DedupSecret
        let salt: [UInt8]
        let known: KnownDigests

        /// Nil at the end.
        func step(_ number: Int, _ lane: Int) throws -> Step? {
            let size = Preload.batch * Preload.batches
            let start = (number * Preload.lanes + lane) * size
            guard start < preload.count else { return nil }
            let intake = Intake(
                hasher: try IdentityHasher(secret: secret, salt: salt),
                sealer: Sealer(known: known, compressor: Zstd()))
            let now = SystemTime().wall()
            let end = min(start + size, preload.count)
            let batches = try stride(from: start, to: end, by: Preload.batch).map { first in
                let items = (first..<min(first + Preload.batch, end)).map {
                    Proto.Item(kind: .artifact(preload.workload.artifact(preload.workload.first + $0)))
                }
                let batch = Proto.IngestBatch(
                    stream: UInt64(lane) + 1, firstSequence: UInt64(number * size + first - start) + 1, items: items)
                return try intake.prepare(batch, node: "preload-\(lane)", now: now)
            }
            return Step(lane: lane, batches: batches)
        }
    }
}
