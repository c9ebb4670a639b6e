package import Model
import Sealing
import Wire

/// Seals what seems new in a batch, on the thread that brought it: what is compressed here the ledger's thread, of
/// which there is one, need not compress. Each thread has its own.
package final class Sealer {
    private let known: KnownDigests
    private let compressor: any ByteCompressor
    private let atLeast: Int
    private var plain: [UInt8] = []

    /// Fewer artifacts than `atLeast` are not sealed: together with those of other batches they shrink more.
    package init(
        known: KnownDigests, compressor: any ByteCompressor, atLeast: Int = Limits.sealedArtifacts
    ) {
        self.known = known
        self.compressor = compressor
        self.atLeast = atLeast
    }

    func seals(of batch: PreparedBatch) -> [Seal] {
        guard batch.items.count >= atLeast else { return [] }
        var places = likelyNew(in: batch)[...]
        var seals: [Seal] = []
        while places.count >= atLeast {
            let count = SegmentWriter.fitting(places) { batch.items[$0].artifact?.artifact.content.count ?? 0 }
            seals.append(seal(places.prefix(count), of: batch))
            places = places.dropFirst(count)
        }
        return seals
    }

    /// Places of artifacts that are neither stored, as far as can be told here, nor earlier in the batch.
    private func likelyNew(in batch: PreparedBatch) -> [Int] {
        var places: [Int] = []
        var identities: [ArtifactIdentity] = []
        for (place, item) in batch.items.enumerated() {
            guard let artifact = item.artifact else { continue }
            places.append(place)
            identities.append(artifact.identity)
        }
        let new = known.seemNew(identities)
        var seen = Set<UInt64>(minimumCapacity: 2 * places.count)
        return places.indices.filter { index in
            let digest = seen.insert(identities[index].digest.words.0).inserted
            let content = seen.insert(~identities[index].content.words.0).inserted
            return new[index] && digest && content
        }.map { places[$0] }
    }

    private func seal(_ places: ArraySlice<Int>, of batch: PreparedBatch) -> Seal {
        var packed: [UInt8] = []
        packed.reserveCapacity(places.count * PackedIdentity.size)
        plain.removeAll(keepingCapacity: true)
        var records = LedgerFormat.StoredRecords()
        records.artifacts.reserveCapacity(places.count)
        for place in places {
            let item = batch.items[place]
            guard let prepared = item.artifact else { continue }
            PackedIdentity.append(
                prepared.identity, ownsContent: true, weight: Weight(steps: 0), node: 0, to: &packed)
            plain.append(contentsOf: prepared.artifact.content)
            records.artifacts.append(
                LedgerFormat.StoredArtifact(
                    prepared.artifact, node: batch.node, lease: item.lease.map { batch.leases[$0] }))
        }
        return Seal(
            places: Array(places), packed: packed, records: shrunk(records.encoded()), contents: shrunk(plain))
    }

    private func shrunk(_ bytes: [UInt8]) -> Seal.Packed {
        var output: [UInt8] = []
        compressor.compress(bytes[...], into: &output)
        return Seal.Packed(bytes: output, length: bytes.count)
    }
}
