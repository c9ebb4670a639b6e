import Compression
import Coordinator
import Model
import Orchestrator
import Storage
import Wire

/// Cuts the hub's power a last time and reads from its disk what is really there.
struct Audit {
    private let simulation: Simulation

    init(_ simulation: Simulation) { self.simulation = simulation }

    private var hub: HubProcess { simulation.hub }
    private var oracle: Oracle { simulation.oracle }

    func run() {
        let status = hub.core?.status() ?? OrchestratorStatus()
        hub.die(.powerCut, downFor: .hours(24 * 365))
        do {
            try judgeLedger()
            try judgeReceipts(status)
            try judgeFiles()
        } catch {
            simulation.fail(.filesAreSound, "the audit could not read the hub's files: \(error)")
        }
    }

    // MARK: The ledger

    private func judgeLedger() throws {
        let ledger = try hub.openLedger()
        defer { ledger.close() }
        try oracle.opened(ledger)
        let reader = try LedgerReader(hub.place)
        defer { reader.close() }
        var position: UInt64 = 0
        while let next = try reader.verify(after: position, count: 1_000) { position = next }
        let stored = try storedPages(reader, count: ledger.head.stored)
        judge(stored)
        simulation.note("audited", ledger.head.stateVersion, ledger.head.stored) {
            "version \(ledger.head.stateVersion), \(ledger.head.stored) artifacts, \(oracle.acked.count) acked"
        }
        if !ledger.head.isConserved { simulation.fail(.conserved, "artifacts received do not add up") }
    }

    private func storedPages(_ reader: LedgerReader, count: UInt64) throws -> [PageKey: UInt64] {
        var stored: [PageKey: UInt64] = [:]
        for id in stride(from: 1, through: count, by: 1) {
            guard let found = try reader.artifact(id, withContent: true), let info = found.artifact else {
                simulation.fail(.logHasNoGap, "artifact \(id) of \(count) is missing")
                continue
            }
            guard let key = simulation.site.recognise(source: info.rawSource, content: found.content),
                oracle.yielded.contains(key)
            else {
                simulation.fail(.nothingInvented, "artifact \(id) from \(info.rawSource) was never yielded")
                continue
            }
            if let other = stored.updateValue(id, forKey: key) {
                simulation.fail(.storedOnce, "\(key) is stored as artifacts \(other) and \(id)")
            }
        }
        return stored
    }

    private func judge(_ stored: [PageKey: UInt64]) {
        for (key, id) in oracle.acked.sorted(by: { $0.key < $1.key }) where stored[key] != id {
            let there = stored[key].map { "as \($0)" } ?? "not"
            simulation.fail(.ackedIsKept, "\(key) was acked as artifact \(id) and is \(there) there")
        }
        for (number, spooled) in oracle.spooled.enumerated() {
            for key in spooled.keys.sorted() where stored[key] == nil && !oracle.refused.contains(key) {
                simulation.fail(.spooledIsDelivered, "\(key) was spooled on node-\(number) and never came")
            }
        }
    }

    // MARK: Receipts

    private func judgeReceipts(_ status: OrchestratorStatus) throws {
        let ledger = try hub.openLedger()
        defer { ledger.close() }
        var sum = ReceiptSums.Sum()
        var bookmarks: Set<Bookmark> = []
        let page = try ledger.receipts(after: 0, limit: Int(Int32.max))
        for receipt in page.receipts {
            sum.add(receipt)
            if let value = receipt.bookmark { bookmarks.insert(Bookmark(target: receipt.lease.target, value: value)) }
        }
        let counted = ReceiptSums.Sum(
            stored: status.stored, duplicates: status.duplicates, refused: status.refused, unchanged: status.unchanged)
        if counted != sum { simulation.fail(.countedOnce, "receipts say \(sum) in the end, counted are \(counted)") }
        try judge(bookmarks)
    }

    private struct Bookmark: Hashable {
        var target: TargetID
        var value: [UInt8]
    }

    private func judge(_ receipted: Set<Bookmark>) throws {
        let database = try Database.open(path: "orchestrator.db", access: .writer, options: hub.options)
        defer { database.close() }
        let kept = try database.all(
            "SELECT t.id, b.value FROM bookmarks b JOIN targets t ON t.number = b.target ORDER BY t.number"
        ) { row in (target: TargetID(row.blob(0)), value: row.blob(1)) }
        for (target, value) in kept {
            guard let target, receipted.contains(Bookmark(target: target, value: value)) else {
                simulation.fail(.bookmarkIsReceipted, "a target's bookmark stands in no receipt of it")
                continue
            }
        }
    }

    // MARK: Files

    private func judgeFiles() throws {
        for path in ["ledger.db", "orchestrator.db"] {
            let database = try Database.open(path: path, access: .writer, options: hub.options)
            defer { database.close() }
            if let wrong = try database.integrityCheck().first {
                simulation.fail(.filesAreSound, "\(path): \(wrong)")
            }
            guard path == "ledger.db" else { continue }
            let log = try database.first("SELECT count(*), max(version) FROM log") { ($0.uint(0), $0.uint(1)) }
            let (rows, last) = log ?? (0, 0)
            if rows != last { simulation.fail(.logHasNoGap, "the log has \(rows) entries and ends at \(last)") }
        }
    }
}
