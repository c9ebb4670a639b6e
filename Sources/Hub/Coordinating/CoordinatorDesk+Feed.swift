import Coordinator
import Model
import Storage
import Telemetry
import Transport
import Wire

/// What operators ask of the feed.
extension CoordinatorDesk {
    func answerFeedStatus(_ envelope: Proto.Envelope, on connection: Connection) {
        Task { await replyFeedStatus(envelope, on: connection) }
    }

    func controlFeed(_ control: Proto.FeedControl, _ envelope: Proto.Envelope, on connection: Connection) {
        Task {
            do throws(LedgerError) {
                let done = try await coordinator.feed.ask { feed, database throws(StorageError) in
                    try feed.setPaused(control.paused, in: database)
                    return true
                }
                guard done != nil else { return feedUnavailable(envelope, on: connection) }
                log.info("feed control", ["paused": .of(control.paused)])
                await replyFeedStatus(envelope, on: connection)
            } catch {
                refuse(envelope, on: connection, error)
            }
        }
    }

    private func replyFeedStatus(_ envelope: Proto.Envelope, on connection: Connection) async {
        let delivery = await coordinator.feed.deliveryStatus
        do throws(LedgerError) {
            guard var status = try await coordinator.feed.ask({ feed, _ throws(StorageError) in feed.report }) else {
                return feedUnavailable(envelope, on: connection)
            }
            status.sink = delivery.sink
            status.delivery =
                switch delivery.state {
                case .closed: "closed"
                case .open: "open"
                case .halfOpen: "half-open"
                }
            status.trouble = delivery.trouble ?? ""
            reply(.feedStatusReply(status), to: envelope, on: connection)
        } catch {
            refuse(envelope, on: connection, error)
        }
    }

    func listScenarios(_ list: Proto.ListScenarios, _ envelope: Proto.Envelope, on connection: Connection) {
        let limit = list.limit == 0 ? Limits.listLimit : min(Int(list.limit), Limits.listLimit)
        answerFeed(envelope, on: connection) { feed, database throws(StorageError) in
            .listScenariosReply(try feed.list(before: list.before, limit: limit, at: list.atVersion, in: database))
        }
    }

    func listSkipped(_ list: Proto.ListSkipped, _ envelope: Proto.Envelope, on connection: Connection) {
        let limit = list.limit == 0 ? Limits.listLimit : min(Int(list.limit), Limits.listLimit)
        answerFeed(envelope, on: connection) { feed, database throws(StorageError) in
            .listSkippedReply(try feed.skipped(limit, in: database))
        }
    }

    func rate(_ request: Proto.RateScenario, _ envelope: Proto.Envelope, on connection: Connection) {
        guard request.quality >= 0, request.quality <= 1 else {
            let error = Proto.Error(
                code: .invalidField, message: "quality is \(request.quality); a number from 0 to 1 is accepted",
                field: "quality")
            return reply(.error(error), to: envelope, on: connection)
        }
        answerFeed(envelope, on: connection) { feed, database throws(StorageError) in
            if let id = ScenarioID(request.id), try feed.rate(id, request.quality, by: "operator", in: database) {
                return .rateScenarioReply(Proto.RateScenarioReply())
            }
            return .error(
                Proto.Error(
                    code: .notFound,
                    message: "there is no scenario \(request.id.prefix(64)); rookery feed list shows those that are",
                    field: "id"))
        }
    }

    private func answerFeed(
        _ envelope: Proto.Envelope, on connection: Connection,
        _ question: @escaping @Sendable (FeedConsumer, Database) throws(StorageError) -> Proto.Envelope.Body
    ) {
        Task {
            do throws(LedgerError) {
                guard let body = try await coordinator.feed.ask(question) else {
                    return feedUnavailable(envelope, on: connection)
                }
                reply(body, to: envelope, on: connection)
            } catch {
                refuse(envelope, on: connection, error)
            }
        }
    }

    private func feedUnavailable(_ envelope: Proto.Envelope, on connection: Connection) {
        let error = Proto.Error(
            code: .unavailable, message: "derived.db is being opened; ask again",
            retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        reply(.error(error), to: envelope, on: connection)
    }
}
