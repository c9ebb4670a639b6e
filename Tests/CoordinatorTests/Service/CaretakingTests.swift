import Model
import Sealing
import Telemetry
import TestKit
import Testing
import Wire

@testable import Coordinator

/// What works behind intake shares one thread, and comes to its end beside the others.
@Suite struct CaretakingTests {
    private struct DiscardingSink: LogSink {
        func write(_ entry: LogEntry) {}
    }

    private let directory = TemporaryDirectory()
    private static let items: UInt64 = 4_200  // the full check rests on its way

    private func service() throws -> CoordinatorService {
        var random = SeededRandom(seed: 4)
        return try CoordinatorService(
            CoordinatorConfiguration(directory: directory.path, diskLowWater: 0), time: SystemTime(), random: &random,
            log: Logger(level: .error, sink: DiscardingSink(), time: SystemTime()))
    }

    private func send(_ sequences: ClosedRange<UInt64>, to service: CoordinatorService) async throws {
        let batch = Proto.IngestBatch(
            stream: 1, firstSequence: sequences.lowerBound,
            items: sequences.map { Proto.Item(kind: .artifact(LedgerFixture.artifact("text \($0)"))) })
        let prepared = try service.makeIntake().prepare(batch, node: "n", now: SystemTime().wall())
        let answer = await withCheckedContinuation { continuation in
            _ = service.ingest(prepared) { continuation.resume(returning: $0) }
        }
        guard case .result(.applied) = answer else { throw LedgerError.unavailable("\(answer)") }
    }

    @Test func `the full check and a change of the secret both end under intake that never rests`() async throws {
        let first = try service()
        for begin in stride(from: UInt64(1), through: CaretakingTests.items, by: 200) {
            try await send(begin...begin + 199, to: first)
        }
        await first.stop()

        let second = try service()
        var sequence = CaretakingTests.items + 1
        try await send(sequence...sequence, to: second)
        _ = try await second.rekey(request: [1])
        var rounds = 0
        while second.status.verified == nil || second.status.keyChange != nil {
            rounds += 1
            try #require(rounds < 500_000, "checked: \(String(describing: second.status.verified))")
            sequence += 1
            try await send(sequence...sequence, to: second)
        }
        #expect(second.status.verified == true && second.status.identityVersion == 2)
        await second.stop()
    }
}
