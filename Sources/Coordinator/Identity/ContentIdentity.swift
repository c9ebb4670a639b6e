import Model
import Normalisation
package import Sealing
package import Wire

/// The two names of an artifact: what it says, and what it says here.
package struct ArtifactIdentity: Equatable, Sendable {
    package var digest: Digest
    package var content: Digest
    /// Tells, among texts of one normal form, those with other bytes apart.
    package var rawCheck: UInt64
}

/// Computes identities with the cluster's secret. Each thread has its own, because a hash keeps a working state.
/// Every field is preceded by its length, so that no two different artifacts can be spelled alike.
package final class IdentityHasher {
    private let content: KeyedHash
    private let artifact: KeyedHash
    private let rawSeed: UInt64
    private let normaliser = Normaliser()
    private var spelling = Spelling()

    /// The metadata that says where and how a thing was found; all else may differ between two sightings of it.
    package static let identityKeys = ["domain", "source_type", "collection_method"]

    package init(secret: DedupSecret, salt: [UInt8]) throws(SealingError) {
        content = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.content.".utf8)
        artifact = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.artifact".utf8)
        rawSeed = secret.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `item.content` of type `text` must be UTF-8; validation has seen to that.
    package func identity(of item: Proto.Artifact) -> ArtifactIdentity {
        // Taken out meanwhile: an array that belongs to an object is checked for other users with every byte.
        var spelling = Spelling()
        swap(&spelling, &self.spelling)
        defer { swap(&spelling, &self.spelling) }
        let contentDigest = digest(content: item.content, type: item.contentType, &spelling)
        return ArtifactIdentity(
            digest: digest(of: item, content: contentDigest, &spelling), content: contentDigest,
            rawCheck: Checksum.of(item.content, seed: rawSeed))
    }

    private func digest(content bytes: ArraySlice<UInt8>, type: String, _ spelling: inout Spelling) -> Digest {
        spelling.add(type)
        if type == "text", normaliser.normalise(bytes) == .changed {
            spelling.add(UInt64(normaliser.form.count))
            spelling.give(to: content)
            content.update(normaliser.form)
        } else {
            spelling.add(UInt64(bytes.count))
            spelling.give(to: content)
            content.update(bytes)
        }
        return content.finish()
    }

    private func digest(of item: Proto.Artifact, content digest: Digest, _ spelling: inout Spelling) -> Digest {
        spelling.add(UInt64(Digest.size))
        digest.withBytes { spelling.bytes.append(contentsOf: $0) }
        spelling.add(item.rawSource)
        for key in Self.identityKeys { spelling.add(item.metadata[key] ?? "") }
        spelling.give(to: artifact)
        return artifact.finish()
    }

    /// Fields put together for one call of the hash: each call costs more than the bytes of a short field.
    private struct Spelling {
        var bytes: [UInt8] = []

        mutating func add(_ number: UInt64) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }

        mutating func add(_ string: String) {
            var copy = string
            copy.withUTF8 { utf8 in
                add(UInt64(utf8.count))
                bytes.append(contentsOf: utf8)
            }
        }

        mutating func give(to hash: KeyedHash) {
            bytes.withUnsafeBytes { hash.update($0) }
            bytes.removeAll(keepingCapacity: true)
        }
    }
}
