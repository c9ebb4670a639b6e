package import Model

/// What became of the first records that a sink was given.
package struct SinkAnswer: Sendable {
    /// To be stored before the sink is asked again.
    package var report = DeliveryReport()
    /// The sink could not be asked, or gave no answer: nothing is known, and the same records come again.
    package var trouble: String?

    package init() {}

    package static func trouble(_ words: String) -> SinkAnswer {
        var answer = SinkAnswer()
        answer.trouble = words
        return answer
    }
}

/// Where scenarios go. Confined to the sink's loop; asked for one batch after another, in order.
package protocol Sink: AnyObject {
    var description: String { get }
    /// How many records it takes at once.
    var batch: Int { get }
    /// Makes it agree with what is stored as delivered; called at the start, and after a report that may not be stored.
    nonisolated(nonsending) func begin(_ state: SinkState, at wall: WallTime) async -> SinkAnswer
    nonisolated(nonsending) func deliver(_ records: [OutboxRecord], at wall: WallTime) async -> SinkAnswer
    /// What there is to store although no record waits; nil: nothing.
    func idle(at wall: WallTime) -> DeliveryReport?
    /// The report of its last answer is stored.
    func stored(_ report: DeliveryReport)
    /// Whatever it waits for in `deliver` has its answer now: none.
    nonisolated(nonsending) func interrupt() async
    nonisolated(nonsending) func close() async
}

extension Sink {
    package func idle(at wall: WallTime) -> DeliveryReport? { nil }
    package func stored(_ report: DeliveryReport) {}
    package nonisolated(nonsending) func interrupt() async {}
}

/// What the outbox knows of its sink.
package struct SinkState: Sendable {
    package var shards: [ShardRecord] = []
    package var qualityRead: UInt64 = 0

    package init() {}
}

/// Which sink, as an operator names it.
package enum SinkChoice: Hashable, Sendable {
    case jsonl
    case http(String)
    case exec(String)

    /// `jsonl`, `http:URL` (or the URL alone) or `exec:PROGRAM`.
    package init?(_ text: String) {
        if text == "jsonl" {
            self = .jsonl
        } else if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self = .http(text)
        } else if text.hasPrefix("http:") {
            self = .http(String(text.dropFirst(5)))
        } else if text.hasPrefix("exec:/") {
            self = .exec(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }
}
