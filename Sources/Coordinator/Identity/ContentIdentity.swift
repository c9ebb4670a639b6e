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
    /// The same two under the secret before, while artifacts are still named under that.
    var former: FormerIdentity?
}

struct FormerIdentity: Equatable {
    var digest: Digest
    var content: Digest
}

/// Computes identities with the cluster's secrets. Each thread has its own, because a hash keeps a working state.
package final class IdentityHasher {
    /// Of the digests that it makes.
    let version: Int64
    private let current: SecretHasher
    private let former: SecretHasher?
    private let rawSeed: UInt64

    /// The metadata that says where and how a thing was found; all else may differ between two sightings of it.
    package static let identityKeys = ["domain", "source_type", "collection_method"]

    package init(_ keys: IdentityKeys) throws(SealingError) {
        version = keys.version
        current = try SecretHasher(keys.secret, salt: keys.salt, scope: keys.scope)
        if let secret = keys.former {
            former = try SecretHasher(secret, salt: keys.salt, scope: keys.scope)
        } else {
            former = nil
        }
        rawSeed = keys.rawSeed
    }

    package convenience init(secret: DedupSecret, salt: [UInt8]) throws(SealingError) {
        try self.init(IdentityKeys(secret: secret, salt: salt))
    }

    /// `item.content` of type `text` must be UTF-8; validation has seen to that. The content is read by a hash once for
    /// each secret, and there is more than one only while stored content is hashed anew.
    package func identity(of item: Proto.Artifact, from node: String = "") -> ArtifactIdentity {
        let content = current.digest(content: item.content, type: item.contentType)
        var identity = ArtifactIdentity(
            digest: current.digest(of: item, content: content, from: node), content: content,
            rawCheck: Checksum.of(item.content, seed: rawSeed))
        if let former {
            let content = former.digest(content: item.content, type: item.contentType)
            identity.former = FormerIdentity(
                digest: former.digest(of: item, content: content, from: node), content: content)
        }
        return identity
    }

    /// Under the current secret alone: of an artifact that is stored, whose content may be stored elsewhere.
    func names(
        of item: Proto.Artifact, content known: Digest?, from node: String
    ) -> (digest: Digest, content: Digest) {
        let content = known ?? current.digest(content: item.content, type: item.contentType)
        return (current.digest(of: item, content: content, from: node), content)
    }
}

/// Names under one secret. Every field is preceded by its length, so that no two different artifacts can be spelled
/// alike.
private final class SecretHasher {
    private let content: KeyedHash
    private let cluster: KeyedHash
    private let normaliser = Normaliser()
    private let secret: DedupSecret
    private let salter: KeyedHash?
    /// Of the node whose artifact came last: a connection has one.
    private var own: (node: String, hash: KeyedHash)?
    private var spelling = Spelling()

    private static let personalisation = "rookery.artifact".utf8

    init(_ secret: DedupSecret, salt: [UInt8], scope: DedupScope) throws(SealingError) {
        self.secret = secret
        content = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.content.".utf8)
        cluster = try KeyedHash(key: secret.bytes, salt: salt, personalisation: SecretHasher.personalisation)
        switch scope {
        case .cluster: salter = nil
        case .node: salter = try KeyedHash(key: secret.bytes, salt: salt, personalisation: "rookery.nodesalt".utf8)
        }
    }

    func digest(content bytes: ArraySlice<UInt8>, type: String) -> Digest {
        spelled { spelling in
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
        }
        return content.finish()
    }

    func digest(of item: Proto.Artifact, content digest: Digest, from node: String) -> Digest {
        let artifact = hash(for: node)
        spelled { spelling in
            spelling.add(UInt64(Digest.size))
            digest.withBytes { spelling.bytes.append(contentsOf: $0) }
            spelling.add(item.rawSource)
            for key in IdentityHasher.identityKeys { spelling.add(item.metadata[key] ?? "") }
            spelling.give(to: artifact)
        }
        return artifact.finish()
    }

    /// Taken out meanwhile: an array that belongs to an object is checked for other users with every byte.
    private func spelled(_ body: (inout Spelling) -> Void) {
        var spelling = Spelling()
        swap(&spelling, &self.spelling)
        body(&spelling)
        swap(&spelling, &self.spelling)
    }

    private func hash(for node: String) -> KeyedHash {
        guard let salter else { return cluster }
        if let own, own.node == node { return own.hash }
        salter.update(Array(node.utf8)[...])
        // A key of 32 bytes was taken for the other hashes before, and a salt of 16 is one.
        guard
            let hash = try? KeyedHash(
                key: secret.bytes, salt: salter.finish().bytes.prefix(16),
                personalisation: SecretHasher.personalisation)
        else { preconditionFailure("a hash with a salt of 16 bytes could not be made") }
        own = (node, hash)
        return hash
    }
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
