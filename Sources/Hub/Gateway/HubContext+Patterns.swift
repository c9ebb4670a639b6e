import Coordinator
import Model
import Transport
import Wire

/// Questions about patterns and near duplicates.
extension HubContext {
    /// False for a body that is not about them.
    func routePatterns(_ body: Proto.Envelope.Body, _ envelope: Proto.Envelope, on connection: Connection) -> Bool {
        switch body {
        case .runPatterns:
            answer(envelope, on: connection) { .listPatternsReply(try await $0.run()) }
        case .listPatterns(let list):
            answer(envelope, on: connection) { .listPatternsReply(try await $0.list(version: list.stateVersion)) }
        case .explainPattern(let explain):
            answer(envelope, on: connection) { .explainPatternReply(try await $0.explain(explain.artifact)) }
        case .listPatternTexts(let list):
            let limit = list.limit == 0 ? Limits.listLimit : min(Int(list.limit), Limits.listLimit)
            answer(envelope, on: connection) {
                .listPatternTextsReply(try await $0.texts(after: list.after, limit: limit))
            }
        default: return false
        }
        return true
    }

    private func answer(
        _ envelope: Proto.Envelope, on connection: Connection,
        _ question: @escaping @Sendable (PatternService) async throws -> Proto.Envelope.Body
    ) {
        Task {
            do {
                reply(try await question(coordinator.patterns), to: envelope, on: connection)
            } catch let refusal as PatternService.Refusal {
                let error = Proto.Error(code: .notFound, message: refusal.description, field: refusal.field)
                reply(.error(error), to: envelope, on: connection)
            } catch let error as LedgerError {
                refuse(envelope, on: connection, error)
            } catch {
                refuse(envelope, on: connection, .unavailable("\(error)"))
            }
        }
    }
}
