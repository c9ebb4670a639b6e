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

    /// The metadata that says where and how a thing was found; all else may differ between two sightings of it.
    package static let identityKeys = ["domain", "source_type", "collection_method"]

    package init(secret: DedupSecret, salt: [UInt8]) throws(SealingError) {
        content = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.content.".utf8)
        artifact = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.artifact".utf8)
        rawSeed = secret.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// `item.content` of type `text` must be UTF-8; validation has seen to that.
    package func identity(of item: Proto.Artifact) -> ArtifactIdentity {
        let contentDigest = digest(content: item.content, type: item.contentType)
        return ArtifactIdentity(
            digest: digest(of: item, content: contentDigest), content: contentDigest,
            rawCheck: Checksum.of(item.content, seed: rawSeed))
    }

    private func digest(content bytes: ArraySlice<UInt8>, type: String) -> Digest {
        update(content, type)
        if type == "text" {
            switch normaliser.normalise(bytes) {
            case .changed:
                content.update(UInt64(normaliser.form.count))
                content.update(normaliser.form)
            case .unchanged, .invalid: content.updateLengthAndBytes(bytes)
            }
        } else {
            content.updateLengthAndBytes(bytes)
        }
        return content.finish()
    }

    private func digest(of item: Proto.Artifact, content digest: Digest) -> Digest {
        artifact.update(UInt64(Digest.size))
        digest.withBytes { artifact.update($0) }
        update(artifact, item.rawSource)
        for key in Self.identityKeys { update(artifact, item.metadata[key] ?? "") }
        return artifact.finish()
    }

    private func update(_ hash: KeyedHash, _ string: String) {
        var copy = string
        copy.withUTF8 { utf8 in
            hash.update(UInt64(utf8.count))
            hash.update(UnsafeRawBufferPointer(utf8))
        }
    }
}
