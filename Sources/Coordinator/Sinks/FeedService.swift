import Fetching
package import Model
package import Storage
package import Telemetry
import Transport

/// The feed of a running coordinator: the outbox on the derived thread, and its delivery.
package final class FeedService: Sendable {
    private let derived: DerivedService
    private let delivery: FeedDelivery
    private let loop: EventLoop

    package init(
        _ choice: SinkChoice, directory: String, incarnation: UInt64, derived: DerivedService,
        compressor: any ByteCompressor, time: any TimeSource, log: Logger
    ) throws {
        self.derived = derived
        if case .http(let url) = choice { _ = try Location(url) }
        let loop = try EventLoop(name: "sink")
        self.loop = loop
        delivery = FeedDelivery(
            on: loop, outbox: DerivedOutbox(derived: derived), time: time, random: SystemRandom(), log: log
        ) {
            switch choice {
            case .jsonl: JSONLSink(directory: directory, incarnation: incarnation, compressor: compressor)
            case .http(let url): try HTTPSink(url, on: loop, time: time)
            case .exec(let program): ExecSink(program, on: loop)
            }
        }
    }

    package func start() { Task { await delivery.run() } }

    package func stop() async {
        await delivery.stop()
        loop.stop()
    }

    package var deliveryStatus: DeliveryStatus { get async { await delivery.status } }

    /// Asks the feed, between two of its transactions. Nil while derived.db is being opened anew.
    package func ask<T: Sendable>(
        _ question: @Sendable (FeedConsumer, Database) throws(StorageError) -> T
    ) async throws(LedgerError) -> T? {
        try await derived.ask(FeedConsumer.self, question)
    }
}

/// The outbox across threads.
struct DerivedOutbox: FeedOutbox {
    let derived: DerivedService

    func state() async throws(LedgerError) -> SinkState? {
        try await derived.ask(FeedConsumer.self) { feed, database throws(StorageError) in
            var state = SinkState()
            for kind in OutboxRecord.Kind.allCases { state.shards += try feed.shards(kind, in: database) }
            state.qualityRead = feed.figures.qualityRead
            return state
        }
    }

    func waiting(_ limit: Int) async throws(LedgerError) -> [OutboxRecord]? {
        try await derived.ask(FeedConsumer.self) { feed, database throws(StorageError) in
            try feed.waiting(limit, in: database)
        }
    }

    func store(_ report: DeliveryReport) async throws(LedgerError) -> Bool {
        try await derived.ask(FeedConsumer.self) { feed, database throws(StorageError) in
            try feed.store(report, in: database)
            return true
        } ?? false
    }
}
