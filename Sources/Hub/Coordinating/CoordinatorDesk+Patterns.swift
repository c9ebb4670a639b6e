import Coordinator
import Model
import Transport
import Wire

/// Questions about patterns.
extension CoordinatorDesk {
    func answerPatterns(_ body: Proto.Envelope.Body, _ envelope: Proto.Envelope, on connection: Connection) async {
        do {
            if let answer = try await answer(body) { reply(answer, to: envelope, on: connection) }
        } catch let refusal as PatternService.Refusal {
            let error = Proto.Error(code: .notFound, message: refusal.description, field: refusal.field)
            reply(.error(error), to: envelope, on: connection)
        } catch let error as LedgerError {
            refuse(envelope, on: connection, error)
        } catch {
            refuse(envelope, on: connection, .unavailable("\(error)"))
        }
    }

    /// Nil for a body that is not about them.
    private func answer(_ body: Proto.Envelope.Body) async throws -> Proto.Envelope.Body? {
        let patterns = coordinator.patterns
        switch body {
        case .runPatterns: return .listPatternsReply(try await patterns.run())
        case .listPatterns(let list): return .listPatternsReply(try await patterns.list(version: list.stateVersion))
        case .explainPattern(let explain): return .explainPatternReply(try await patterns.explain(explain.artifact))
        case .listPatternTexts(let list):
            let limit = list.limit == 0 ? Limits.listLimit : min(Int(list.limit), Limits.listLimit)
            return .listPatternTextsReply(try await patterns.texts(after: list.after, limit: limit))
        default: return nil
        }
    }
}
