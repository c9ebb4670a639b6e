import Model
import Synchronization
import Transport
import Wire

/// Who is connected: how effects that name a connection, and operators that name a node, reach it.
final class Directory: Sendable {
    struct Entry: Sendable {
        var connection: Connection
        /// Known once the peer is welcome.
        var peer: ServerSession.Peer?
        /// What the ledger had of a registering node's streams, kept until the orchestrator has answered.
        var streams: [Proto.StreamPosition] = []
    }

    private let entries = Mutex<[ConnectionID: Entry]>([:])

    func add(_ connection: Connection) {
        entries.withLock { $0[connection.id] = Entry(connection: connection) }
    }

    func remove(_ id: ConnectionID) {
        entries.withLock { _ = $0.removeValue(forKey: id) }
    }

    func welcomed(_ id: ConnectionID, _ peer: ServerSession.Peer?) {
        entries.withLock { $0[id]?.peer = peer }
    }

    func connection(_ id: ConnectionID) -> Connection? { entries.withLock { $0[id]?.connection } }

    /// The connections that are still there, looked up together.
    func connections(_ ids: [ConnectionID]) -> [Connection?] {
        entries.withLock { entries in ids.map { entries[$0]?.connection } }
    }

    func setStreams(_ id: ConnectionID, _ streams: [Proto.StreamPosition]) {
        entries.withLock { $0[id]?.streams = streams }
    }

    func takeStreams(_ id: ConnectionID) -> [Proto.StreamPosition] {
        entries.withLock { entries in
            defer { entries[id]?.streams = [] }
            return entries[id]?.streams ?? []
        }
    }

    /// Every connection over which this node speaks.
    func nodes(named name: String) -> [Connection] {
        entries.withLock { entries in
            entries.values.compactMap { $0.peer?.role == .node && $0.peer?.name == name ? $0.connection : nil }
        }
    }

    /// Ends every node's connection, so that they come again and register.
    func closeNodes(but exception: ConnectionID? = nil) {
        let nodes = entries.withLock { entries in
            entries.values.filter { $0.peer?.role == .node && $0.connection.id != exception }.map(\.connection)
        }
        for node in nodes { node.postClose(.handler("register_again")) }
    }

    var count: Int { entries.withLock { $0.count } }
}
