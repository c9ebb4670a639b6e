import Synchronization

/// Whether the process can serve, and if not, what is missing. Each part says so for itself.
package final class Readiness: Sendable {
    private let missing = Mutex<[String: String]>([:])

    /// `parts` are missing until they say that they are ready.
    package init(parts: [String]) {
        missing.withLock { missing in
            for part in parts { missing[part] = "starting" }
        }
    }

    package func ready(_ part: String) { missing.withLock { $0[part] = nil } }

    package func notReady(_ part: String, _ reason: String) { missing.withLock { $0[part] = reason } }

    package var isReady: Bool { missing.withLock { $0.isEmpty } }

    /// "part: reason" for each part that is not ready, in order.
    package var reasons: [String] {
        missing.withLock { $0 }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }
}
