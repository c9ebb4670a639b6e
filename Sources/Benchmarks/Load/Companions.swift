import Lifecycle
import Model
import Storage
import Transport

/// What else goes on in a hub while the load runs: a reader that holds on to one state version, backups one after the
/// other.
package struct Companions: Sendable {
    package var reader = false
    package var backup = false
    /// For how many seconds another program reads ledger.db in one transaction; nil: none does.
    package var foreign: Double?

    package init() {}

    struct Figures: Sendable {
        var pages = 0
        /// Seconds that each backup took.
        var backups: [Double] = []
        /// The most bytes that the write-ahead log took.
        var walBytes = 0
        /// Seconds from the end of the other program's transaction until intake was open.
        var reopened: Double?
    }

    func beside<T: Sendable>(
        _ hub: HubProcess, _ scratch: String, _ load: () async throws -> T
    ) async throws -> (T, Figures) {
        let over = StopRequest()
        let (address, directory) = (hub.address, hub.directory)
        async let pages = reader ? HubQuery.readSnapshot(address, until: over) : 0
        async let backups = backup ? Companions.backUp(address, scratch, until: over) : []
        async let wal = Companions.watchLog(directory, until: over)
        async let reopened = Companions.hold(foreign, directory, address, until: over)
        let result: T
        do {
            result = try await load()
            over.make(.finished)
        } catch {
            over.make(.finished)
            throw error
        }
        return (result, try await Figures(pages: pages, backups: backups, walBytes: wal, reopened: reopened))
    }

    private static func watchLog(_ directory: String, until over: StopRequest) async throws -> Int {
        var most = 0
        while over.reason == nil {
            most = max(most, ScratchDirectory.size(ofFile: directory + "/ledger.db-wal"))
            try await Waiting.pass(.milliseconds(20))
        }
        return max(most, ScratchDirectory.size(ofFile: directory + "/ledger.db-wal"))
    }

    /// Does what a shell does in which somebody typed BEGIN and SELECT and left.
    private static func hold(
        _ seconds: Double?, _ directory: String, _ address: SocketAddress, until over: StopRequest
    ) async throws -> Double? {
        guard let seconds else { return nil }
        let end = SystemTime().now() + Span(nanoseconds: UInt64(seconds * 1e9))
        do {
            let database = try Database.open(path: directory + "/ledger.db", access: .reader)
            defer { database.close() }
            try database.execute("BEGIN")
            _ = try database.first("SELECT stored FROM head") { $0.uint(0) }
            while over.reason == nil, SystemTime().now() < end { try await Waiting.pass(.milliseconds(20)) }
            try database.execute("COMMIT")
        }
        let ended = SystemTime().now()
        try await HubQuery.waitForIntake(address)
        return SystemTime().now().since(ended).seconds
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
