import Model
import Telemetry

/// The shards of one kind of record.
final class ShardFolder {
    let files: ShardFiles
    private let kind: OutboxRecord.Kind
    private let incarnation: UInt64
    private let shardBytes: UInt64
    private let shardAge: Int64
    /// As stored.
    private var closed: [ShardRecord] = []
    private var current: ShardRecord?
    /// As appended to, until the report is stored.
    private var pending: [ShardRecord] = []

    init(
        _ kind: OutboxRecord.Kind, files: ShardFiles, incarnation: UInt64, shardBytes: UInt64, shardAge: Span
    ) {
        self.kind = kind
        self.files = files
        self.incarnation = incarnation
        self.shardBytes = shardBytes
        self.shardAge = Int64(shardAge.milliseconds)
    }

    static func name(_ shard: ShardRecord) -> String {
        func digits(_ number: UInt64, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let word = shard.kind == .scenario ? "scenarios" : "withdrawn"
        return "\(word)-\(digits(shard.incarnation, 4))-\(digits(shard.number, 8)).jsonl.zst"
    }

    /// Brings the files to what is stored: a crash leaves behind the open shard's tail, and at most the beginning of
    /// the next shard.
    func begin(_ shards: [ShardRecord]) throws(ShardError) {
        pending = []
        closed = shards.filter { $0.isClosed }
        current = shards.last { !$0.isClosed }
        // After a restore the file may rightly hold more than this outbox remembers.
        if let current, current.incarnation == incarnation {
            try files.cut(ShardFolder.name(current), to: current.length)
        }
        try files.remove(ShardFolder.name(next(at: WallTime(milliseconds: 0))))
        try writeManifest()
    }

    private func next(at wall: WallTime) -> ShardRecord {
        let last = pending.last ?? current ?? closed.last
        return ShardRecord(kind: kind, number: (last?.number ?? 0) + 1, incarnation: incarnation, openedAt: wall)
    }

    private func isFull(_ shard: ShardRecord, at wall: WallTime) -> Bool {
        shard.length >= shardBytes || shard.incarnation != incarnation
            || wall.milliseconds - shard.openedAt.milliseconds >= shardAge
            || wall.milliseconds < shard.openedAt.milliseconds - shardAge
    }

    /// Appends one frame, and returns the shards as they will be once that is stored.
    func append(
        _ records: [OutboxRecord], _ compressor: any ByteCompressor, at wall: WallTime
    ) throws(ShardError) -> [ShardRecord] {
        guard let first = records.first, let last = records.last else { return [] }
        pending = []
        if var full = current, isFull(full, at: wall) {
            full.isClosed = true
            pending.append(full)
        }
        var shard = pending.isEmpty ? current ?? next(at: wall) : next(at: wall)
        var frame: [UInt8] = []
        var text: [UInt8] = []
        for record in records {
            text += record.line
            text.append(10)
        }
        compressor.compress(text[...], into: &frame)
        try files.append(frame, to: ShardFolder.name(shard), at: shard.length)
        if shard.records == 0 { shard.firstSequence = first.id.sequence }
        shard.lastSequence = last.id.sequence
        shard.length += UInt64(frame.count)
        shard.records += UInt64(records.count)
        pending.append(shard)
        return pending
    }

    /// The open shard, closed, if its time is over.
    func expired(at wall: WallTime) -> ShardRecord? {
        guard var shard = current, isFull(shard, at: wall) else { return nil }
        shard.isClosed = true
        pending = [shard]
        return shard
    }

    func stored() {
        guard !pending.isEmpty else { return }
        let closing = pending.filter { $0.isClosed }
        closed += closing
        current = pending.last { !$0.isClosed }
        pending = []
        // It can be written again from the outbox at any start.
        if !closing.isEmpty { try? writeManifest() }
    }

    /// Names the closed shards. One that is open may still grow, and is not in it.
    private func writeManifest() throws(ShardError) {
        var json = JSONWriter(pretty: true)
        json.object { json in
            json.field("format", "jsonl.zst")
            json.field("shards") { json in
                json.array { json in
                    for shard in closed {
                        json.object { json in
                            json.field("file", ShardFolder.name(shard))
                            json.field("records", shard.records)
                            json.field("bytes", shard.length)
                            json.field("first_sequence", shard.firstSequence)
                            json.field("last_sequence", shard.lastSequence)
                            json.field("opened_at", shard.openedAt.rfc3339)
                        }
                    }
                }
            }
        }
        try files.replace("manifest.json", with: json.bytes)
    }
}
