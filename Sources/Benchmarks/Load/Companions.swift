import Lifecycle
import Model
import Transport

/// What else goes on in a hub while the load runs: a reader that holds on to one state version, backups one after the
/// other.
package struct Companions: Sendable {
    package var reader = false
    package var backup = false

    package init() {}

    struct Figures: Sendable {
        var pages = 0
        /// Seconds that each backup took.
        var backups: [Double] = []
    }

    func beside<T: Sendable>(
        _ hub: HubProcess, _ scratch: String, _ load: () async throws -> T
    ) async throws -> (T, Figures) {
        let over = StopRequest()
        let address = hub.address
        async let pages = reader ? HubQuery.readSnapshot(address, until: over) : 0
        async let backups = backup ? Companions.backUp(address, scratch, until: over) : []
        let result: T
        do {
            result = try await load()
            over.make(.finished)
        } catch {
            over.make(.finished)
            throw error
        }
        return (result, try await Figures(pages: pages, backups: backups))
    }

    /// At least one, begun with the load.
    private static func backUp(
        _ address: SocketAddress, _ scratch: String, until over: StopRequest
    ) async throws -> [Double] {
        var seconds: [Double] = []
        var random = SystemRandom()
        repeat {
            let begun = SystemTime().now()
            try await HubQuery.backUp(address, to: "\(scratch)/backup-\(seconds.count)", key: random.bytes(16))
            seconds.append(SystemTime().now().since(begun).seconds)
        } while over.reason == nil
        return seconds
    }
}
