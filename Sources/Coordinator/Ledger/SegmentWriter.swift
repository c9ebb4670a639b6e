import Model
import Storage
import Wire

/// Turns a group's new artifacts into rows of `segment` and `identity`.
struct SegmentWriter {
    static let artifacts = 64  // artifacts in one segment: reading one inflates them all
    static let bytes = 256 * Limits.kibibyte  // content in one segment, unless one artifact alone is larger

    let database: Database
    let compressor: any ByteCompressor
    let version: UInt64
    let at: WallTime
    var identityVersion: Int64 = 1

    /// What has been written, for the index once it is committed.
    private(set) var written: [(first: UInt64, packed: [UInt8])] = []

    init(database: Database, compressor: any ByteCompressor, version: UInt64, at: WallTime) {
        self.database = database
        self.compressor = compressor
        self.version = version
        self.at = at
    }

    mutating func write(_ artifacts: [NewArtifact], sealed: [SealedRun]) throws(StorageError) {
        var next = 0
        for run in sealed {
            try writeOpen(artifacts[next..<run.start])
            next = run.start + run.seal.places.count
            try write(run.seal, of: artifacts[run.start..<next])
        }
        try writeOpen(artifacts[next...])
    }

    /// How many of these go into one segment.
    static func fitting<Element>(_ rest: ArraySlice<Element>, _ contentBytes: (Element) -> Int) -> Int {
        var bytes = 0
        let fitting = rest.prefix(SegmentWriter.artifacts).prefix {
            bytes += contentBytes($0)
            return bytes <= SegmentWriter.bytes
        }
        return max(1, fitting.count)
    }

    private mutating func write(_ seal: Seal, of artifacts: ArraySlice<NewArtifact>) throws(StorageError) {
        var packed = seal.packed
        for (place, new) in artifacts.enumerated() {
            PackedIdentity.set(weight: new.weight, node: new.nodeNumber, place, in: &packed)
        }
        try insert(artifacts, packed, seal.records, seal.contents)
    }

    // MARK: What was not sealed

    private mutating func writeOpen(_ artifacts: ArraySlice<NewArtifact>) throws(StorageError) {
        var rest = artifacts
        while !rest.isEmpty {
            let count = SegmentWriter.fitting(rest) { $0.prepared.artifact.content.count }
            try writeSegment(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    private mutating func writeSegment(_ artifacts: ArraySlice<NewArtifact>) throws(StorageError) {
        var packed: [UInt8] = []
        packed.reserveCapacity(artifacts.count * PackedIdentity.size)
        var plain: [UInt8] = []
        plain.reserveCapacity(
            artifacts.reduce(0) { $0 + ($1.contentHome == nil ? $1.prepared.artifact.content.count : 0) })
        var records = LedgerFormat.StoredRecords()
        records.artifacts.reserveCapacity(artifacts.count)
        for new in artifacts {
            PackedIdentity.append(
                new.prepared.identity, ownsContent: new.contentHome == nil, weight: new.weight, node: new.nodeNumber,
                to: &packed)
            if new.contentHome == nil { plain.append(contentsOf: new.prepared.artifact.content) }
            records.artifacts.append(LedgerFormat.StoredArtifact(new))
        }
        let encoded = records.encoded()
        try insert(
            artifacts, packed, Seal.Packed(bytes: compressed(encoded), length: encoded.count),
            Seal.Packed(bytes: compressed(plain), length: plain.count))
    }

    private mutating func insert(
        _ artifacts: ArraySlice<NewArtifact>, _ packed: [UInt8], _ records: Seal.Packed, _ contents: Seal.Packed
    ) throws(StorageError) {
        guard let first = artifacts.first?.id else { return }
        try database.run(
            "INSERT INTO segment VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .int(first), .int(artifacts.count),
            .int(version),
            .int(at.milliseconds), .int(identityVersion),
            .int(SegmentWriter.checksum(first: first, packed, records.bytes, contents.bytes)),
            .int(records.length), .int(contents.length), .blob(records.bytes), .blob(contents.bytes))
        try database.run("INSERT INTO identity VALUES(?, ?)", .int(first), .blob(packed))
        written.append((first, packed))
    }

    private func compressed(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var output: [UInt8] = []
        compressor.compress(bytes[...], into: &output)
        return output
    }

    /// One figure over all that a segment stores.
    static func checksum(first: UInt64, _ packed: [UInt8], _ records: [UInt8], _ contents: [UInt8]) -> UInt64 {
        Checksum.of(contents[...], seed: Checksum.of(records[...], seed: Checksum.of(packed[...], seed: first)))
    }
}

extension LedgerFormat.StoredArtifact {
    init(_ new: NewArtifact) {
        self.init(new.prepared.artifact, node: new.node, lease: new.lease)
        contentHome = new.contentHome ?? 0
    }

    init(_ artifact: Proto.Artifact, node sender: String, lease ref: LeaseRef?) {
        self.init()
        contentLength = UInt64(artifact.content.count)
        node = sender
        if let ref {
            target = ref.target.bytes[...]
            lease = ref.lease
        }
        collectedAtMs = artifact.collectedAtMs
        contentType = artifact.contentType
        rawSource = artifact.rawSource
        metadata = artifact.metadata
        confidence = artifact.confidence
        threatLevel = artifact.threatLevel
        opportunityValue = artifact.opportunityValue
        scoreReasons = artifact.scoreReasons
        signals = artifact.signals
    }
}
