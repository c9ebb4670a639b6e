package import Model
import Telemetry

/// Shards of JSON lines, each a row of zstd frames: a directory that Hugging Face datasets loads as it is.
///
/// Exactly once: an append is on disk before the outbox records the shard's new length together with what it holds, and
/// a start cuts off what was appended and not recorded.
package final class JSONLSink: Sink {
    package let description = "jsonl"
    package let batch = Limits.sinkBatch
    private let incarnation: UInt64
    private let compressor: any ByteCompressor
    private let directory: String
    private var folders: [OutboxRecord.Kind: ShardFolder] = [:]
    private let shardBytes: UInt64
    private let shardAge: Span
    private var qualityRead: UInt64 = 0

    package init(
        directory: String, incarnation: UInt64, compressor: any ByteCompressor,
        shardBytes: UInt64 = Limits.shardBytes, shardAge: Span = Limits.shardAge
    ) {
        self.directory = directory
        self.incarnation = incarnation
        self.compressor = compressor
        self.shardBytes = shardBytes
        self.shardAge = shardAge
    }

    package nonisolated(nonsending) func begin(_ state: SinkState, at wall: WallTime) async -> SinkAnswer {
        do throws(ShardError) {
            folders = [:]
            qualityRead = state.qualityRead
            let top = try ShardFiles(directory)
            try top.replace("README.md", with: Array(DatasetCard.text.utf8))
            for kind in OutboxRecord.Kind.allCases {
                let path = kind == .scenario ? directory : directory + "/withdrawn"
                let folder = ShardFolder(
                    kind, files: try ShardFiles(path), incarnation: incarnation, shardBytes: shardBytes,
                    shardAge: shardAge)
                try folder.begin(state.shards.filter { $0.kind == kind })
                folders[kind] = folder
            }
            return SinkAnswer()
        } catch {
            return .trouble(error.description)
        }
    }

    package nonisolated(nonsending) func deliver(_ records: [OutboxRecord], at wall: WallTime) async -> SinkAnswer {
        var answer = SinkAnswer()
        do throws(ShardError) {
            for (kind, folder) in folders {
                let own = records.filter { $0.kind == kind }
                answer.report.shards += try folder.append(own, compressor, at: wall)
                answer.report.delivered += own.map(\.id)
            }
        } catch {
            return .trouble(error.description)
        }
        return answer
    }

    /// Takes whole lines `{"id": "s1-2", "quality": 0.7}` that were appended to quality.jsonl; others are skipped.
    private func ingestQualities(_ files: ShardFiles, _ report: inout DeliveryReport) throws(ShardError) {
        let bytes = try files.read("quality.jsonl", from: qualityRead, limit: Limits.sinkAnswer)
        guard let end = bytes.lastIndex(of: 10) else {
            // A line longer than any honest one is skipped piece by piece.
            if bytes.count == Limits.sinkAnswer { report.qualityRead = qualityRead + UInt64(bytes.count) }
            return
        }
        report.qualityRead = qualityRead + UInt64(end) + 1
        for line in bytes[..<end].split(separator: 10) {
            guard let json = FlatJSON(line), let id = json.string("id").flatMap({ ScenarioID($0) }),
                let quality = json.number("quality")
            else { continue }
            report.qualities.append((id, quality))
        }
    }

    /// A shard whose time is over is closed even when nothing comes.
    package func idle(at wall: WallTime) -> DeliveryReport? {
        var report = DeliveryReport()
        report.shards = folders.values.compactMap { $0.expired(at: wall) }
        if let files = folders[.scenario]?.files { try? ingestQualities(files, &report) }
        return report.shards.isEmpty && report.qualityRead == nil ? nil : report
    }

    package func stored(_ report: DeliveryReport) {
        if let read = report.qualityRead { qualityRead = read }
        for folder in folders.values { folder.stored() }
    }

    package nonisolated(nonsending) func close() async { folders = [:] }
}
