package import Coordinator
import Glibc
package import Model

/// Who the orchestrator of a data directory is: an id for good, an incarnation for each start, and the cluster whose
/// receipts it has read. The incarnation is on disk before it is told, and the first part of every fence.
package struct SeatFile: Equatable, Sendable {
    package static let name = "orchestrator-id"
    private static let title = "rookery orchestrator 1"

    package let id: [UInt8]
    package let incarnation: UInt64
    /// Nil until a coordinator has said so.
    package private(set) var cluster: ClusterName?
    private let directory: String

    /// Begins a life of the orchestrator. The clock makes the number higher than any that a restored copy has had.
    package init(
        beginIn directory: String, wall: WallTime, random: inout some RandomSource
    ) throws(LedgerError) {
        self.directory = directory
        let path = directory + "/" + SeatFile.name
        var before: UInt64 = 0
        if BackupFiles.exists(path) {
            let lines = try BackupFiles.text(path).split(separator: "\n").map { $0.split(separator: " ") }
            func word(_ key: Substring, _ place: Int = 1) -> Substring? {
                lines.first { $0.first == key && $0.count > place }.map { $0[place] }
            }
            guard lines.first?.joined(separator: " ") == SeatFile.title, let known = word("id").flatMap(Hex.bytes),
                known.count == 16, let number = word("incarnation").flatMap({ UInt64($0) })
            else {
                throw .damaged(
                    what: "\(path) does not say who this orchestrator is; put it back from a copy, or remove it and "
                        + "start with --take-over")
            }
            (id, before) = (known, number)
            if let cluster = word("cluster").flatMap(Hex.bytes), let life = word("cluster", 2).flatMap({ UInt64($0) }) {
                self.cluster = ClusterName(id: cluster, incarnation: life)
            }
        } else {
            id = random.bytes(16)
        }
        incarnation = max(before + 1, UInt64(max(0, wall.milliseconds)) / 1_000)
        try write()
    }

    /// Its receipts are from there, now and for good.
    package mutating func belongs(to cluster: ClusterName) throws(LedgerError) {
        guard cluster != self.cluster else { return }
        self.cluster = cluster
        try write()
    }

    private func write() throws(LedgerError) {
        var text = "\(SeatFile.title)\nid \(Hex.text(id))\nincarnation \(incarnation)\n"
        if let cluster { text += "cluster \(Hex.text(cluster.id)) \(cluster.incarnation)\n" }
        let path = directory + "/" + SeatFile.name
        unlink(path + ".new")
        try BackupFiles.write(Array(text.utf8), to: path + ".new")
        try BackupFiles.move(path + ".new", to: path)
        try BackupFiles.sync(directory)
    }
}
