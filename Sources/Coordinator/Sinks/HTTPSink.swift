import Fetching
import Model
import Transport

/// POSTs one scenario at a time, with its id as the idempotency key: at least once, in order.
final class HTTPSink: Sink {
    let description: String
    let batch = 1
    private let location: Location
    private let fetcher: Fetcher
    private let timeout: Span

    init(_ url: String, on loop: EventLoop, time: any TimeSource, timeout: Span = Limits.sinkTimeout) throws(FetchError)
    {
        location = try Location(url)
        self.timeout = timeout
        description = "http:\(location)"
        // The operator named this host, so it may be private.
        fetcher = try Fetcher(on: loop, rules: AddressRules(allowed: [location.host]), time: time)
    }

    nonisolated(nonsending) func begin(_ state: SinkState, at wall: WallTime) async -> SinkAnswer { SinkAnswer() }

    nonisolated(nonsending) func deliver(_ records: [OutboxRecord], at wall: WallTime) async -> SinkAnswer {
        guard let record = records.first else { return SinkAnswer() }
        var request = FetchRequest(
            location, userAgent: "rookery-feed", maxBytes: Limits.sinkAnswer, maxTime: timeout)
        request.maxRedirects = 0
        request.body = record.line
        request.headers = [
            ("Content-Type", "application/json"), ("Idempotency-Key", record.id.description),
            ("Rookery-Record", record.kind == .scenario ? "scenario" : "tombstone"),
        ]
        do throws(FetchError) {
            return judge(record, try await fetcher.fetch(request))
        } catch {
            return .trouble(error.description)
        }
    }

    private func judge(_ record: OutboxRecord, _ response: FetchResponse) -> SinkAnswer {
        var answer = SinkAnswer()
        switch response.status {
        case 200..<300:
            answer.report.delivered = [record.id]
            if let quality = FlatJSON(response.body)?.number("quality") {
                answer.report.qualities = [(record.id, quality)]
            }
        // Not now, or not yet: nothing is said about the record.
        case 408, 425, 429, 500...: answer.trouble = "the sink answered \(response.status)"
        default: answer.report.refused = [(record.id, "the sink answered \(response.status)")]
        }
        return answer
    }

    nonisolated(nonsending) func interrupt() async { await fetcher.close() }

    nonisolated(nonsending) func close() async { await fetcher.close() }
}
