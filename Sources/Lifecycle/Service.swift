/// A part of the process that is started, serves, and is stopped.
package protocol Service: Sendable {
    /// One word or two, for logs and errors.
    var name: String { get }
    /// Returns when the service serves. What was begun must be undone before an error is thrown.
    func start() async throws
    /// Ends the service in good order. When its task is cancelled the order matters less and the end more.
    func stop() async
    /// The process ends at once: what must not outlive it ends now. Called on any thread.
    func abandon()
}

extension Service {
    package func abandon() {}
}

/// Why services could not be started.
package enum ServiceError: Error, CustomStringConvertible {
    case failed(service: String, cause: any Error)
    case startTimedOut(service: String, seconds: Double)

    package var description: String {
        switch self {
        case .failed(let service, let cause): "cannot start \(service): \(cause)"
        case .startTimedOut(let service, let seconds): "cannot start \(service): it was not ready within \(seconds) s"
        }
    }
}
