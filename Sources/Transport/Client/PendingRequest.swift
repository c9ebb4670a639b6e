import Model
import Wire

/// A request that somebody waits for.
struct PendingRequest: Sendable {
    enum Asker: Sendable {
        /// Asks again on the next connection: its keys make sure that the effect happens once.
        case caller(CheckedContinuation<Result<Proto.Envelope.Body, ClientError>, Never>)
        /// Wants to know of a loss, and decides itself.
        case tag(UInt64)
    }

    let number: UInt64
    let body: Proto.Envelope.Body
    let deadline: Instant
    let timeout: Span
    let asker: Asker
}
