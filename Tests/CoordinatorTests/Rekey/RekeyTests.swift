import Compression
import Glibc
import Model
import Sealing
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// The dedup secret is changed while the ledger is in use: nothing is stored twice, whatever happens meanwhile.
@Suite struct RekeyTests {
    /// Texts of their own, contents known from elsewhere, and texts that differ only before normalisation.
    private static let artifacts: [Proto.Artifact] = (0..<2_400).map { number in
        var artifact = LedgerFixture.artifact(
            "Text \(number % 800) of a stored page", source: "http://\(number / 800).example/\(number % 800)",
            type: number.isMultiple(of: 3) ? "text" : "html")
        artifact.metadata = ["domain": "\(number / 800).example", "note": "\(number)"]
        return artifact
    }

    private func filled() throws -> KeyFixture {
        let fixture = try KeyFixture()
        for (place, first) in stride(from: 0, to: RekeyTests.artifacts.count, by: 200).enumerated() {
            let verdicts = try fixture.send(
                Array(RekeyTests.artifacts[first..<first + 200]), stream: 1, first: UInt64(place * 200 + 1))
            #expect(verdicts.allSatisfy { $0.code == .stored })
        }
        return fixture
    }

    /// Sends everything once more, in another stream: all of it is known, by the ids of the first time.
    private func expectKnown(
        _ fixture: KeyFixture, stream: UInt64, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var wrong: [Int] = []
        for first in stride(from: 0, to: RekeyTests.artifacts.count, by: 200) {
            let verdicts = try fixture.send(
                Array(RekeyTests.artifacts[first..<first + 200]), stream: stream, first: UInt64(first + 1), node: "n2")
            wrong += verdicts.indices.filter {
                verdicts[$0].code != .duplicate || verdicts[$0].artifact != UInt64(first + $0 + 1)
            }
        }
        #expect(wrong.isEmpty, sourceLocation: sourceLocation)
        #expect(fixture.ledger.head.stored == 2_400, sourceLocation: sourceLocation)
    }

    @Test func `nothing is stored twice while a change goes on, killed after every slice`() throws {
        let fixture = try filled()
        let old = fixture.secrets.current.id
        try expectKnown(fixture, stream: 2)
        try fixture.beginChange()
        try expectKnown(fixture, stream: 3)
        var slices: UInt64 = 0
        while try fixture.step(), fixture.ledger.keys.change.map({ $0.done < $0.end }) ?? false {
            slices += 1
            try fixture.kill()
            #expect(fixture.ledger.keys.change?.done != 0)
            #expect(fixture.secrets.ring.current.former?.id == old)
            try expectKnown(fixture, stream: 10 + slices)
        }
        #expect(slices >= 2)
        try fixture.endChange()
        #expect(fixture.ledger.keys.change == nil)
        #expect(fixture.secrets.current.id != old && fixture.secrets.next == nil)
        #expect(fixture.secrets.ring.current.former == nil)
        try expectKnown(fixture, stream: 100)
        try fixture.kill()
        try expectKnown(fixture, stream: 101)
        #expect(access(DedupSecret.path(in: fixture.directory.path, .next), F_OK) != 0)
        #expect(try fixture.reading { try $0.verify(after: 0, count: 10_000) } == 2_400)
    }

    @Test func `afterwards every digest is the new secret's, and says so`() throws {
        let fixture = try filled()
        try fixture.beginChange()
        while try fixture.step(), fixture.ledger.keys.change.map({ $0.done < $0.end }) ?? false {}
        try fixture.endChange()
        let hasher = try IdentityHasher(secret: fixture.secrets.current, salt: fixture.ledger.identity.salt)
        try fixture.reading { reader throws in
            for number in stride(from: 0, to: 2_400, by: 97) {
                let identity = hasher.identity(of: RekeyTests.artifacts[number])
                let found = try #require(try reader.artifact(UInt64(number + 1), withContent: true))
                #expect(found.artifact?.digest == identity.digest.bytes[...])
                #expect(found.artifact?.contentDigest == identity.content.bytes[...])
                #expect(found.content == RekeyTests.artifacts[number].content)
                #expect(try reader.key(of: UInt64(number + 1))?.secret == fixture.secrets.current.id)
            }
        }
    }

    @Test func `new artifacts and shared contents are found among each other during a change`() throws {
        let fixture = try KeyFixture()
        let first = [LedgerFixture.artifact("old"), LedgerFixture.artifact("Other  Case")]
        try fixture.send(first, stream: 1)
        try fixture.beginChange()
        let verdicts = try fixture.send(
            [
                LedgerFixture.artifact("new"), LedgerFixture.artifact("new"), LedgerFixture.artifact("other case"),
                LedgerFixture.artifact("old", source: "http://b.example/"), LedgerFixture.artifact("old"),
            ], stream: 2)
        #expect(verdicts.map(\.code) == [.stored, .duplicate, .duplicate, .stored, .duplicate])
        #expect(verdicts.map(\.duplicate) == [.none, .exact, .normalised, .sameContent, .exact])
        #expect(verdicts.map(\.artifact) == [3, 3, 2, 4, 1])
        let variants = try fixture.reading { try $0.variants(of: 2) }
        #expect(try fixture.step())
        try fixture.endChange()
        // Bytes that are kept beside a text keep their name, and sharing a content survives the change of its name.
        #expect(try fixture.reading { try $0.variants(of: 2) } == variants && variants.count == 1)
        let again = try fixture.send(
            [LedgerFixture.artifact("other case"), LedgerFixture.artifact("old", source: "http://c.example/")],
            stream: 3)
        #expect(again.map(\.duplicate) == [.normalised, .sameContent])
        #expect(fixture.ledger.head.contents == 3 && fixture.ledger.head.variants == 1)
    }

    @Test func `what was sealed before the change began is stored under the new names all the same`() throws {
        let fixture = try KeyFixture()
        let artifacts = Array(RekeyTests.artifacts[..<40])
        let items = artifacts.map { Proto.Item(kind: .artifact($0)) }
        let sealing = try Intake(
            fixture.secrets.ring, sealer: Sealer(known: fixture.ledger.known, compressor: Zstd(), atLeast: 4))
        let early = try sealing.prepare(
            Proto.IngestBatch(stream: 1, firstSequence: 1, items: items), node: "n1", now: fixture.now)
        #expect(early.seals.map(\.places) == [Array(0..<40)])
        try fixture.beginChange()
        let renewed = early.renewed(by: try IdentityHasher(fixture.secrets.ring.current))
        #expect(renewed.seals.isEmpty && renewed.identityVersion == 2)
        let verdicts = try fixture.ledger.commit([early], now: fixture.now).results[0].verdicts
        #expect(verdicts.map(\.code) == Array(repeating: .stored, count: 40))
        let hasher = try IdentityHasher(fixture.secrets.ring.current)
        try fixture.reading { reader throws in
            for (place, artifact) in artifacts.enumerated() {
                let found = try #require(try reader.artifact(UInt64(place + 1), withContent: true))
                #expect(found.artifact?.digest == hasher.identity(of: artifact).digest.bytes[...])
                #expect(found.content == artifact.content)
            }
        }
        // The checksums of a start, and what it rebuilds, say the same.
        try fixture.kill()
        let again = try fixture.send(artifacts, stream: 2, node: "n2")
        #expect(again.map(\.artifact) == Array(1...40) && again.allSatisfy { $0.code == .duplicate })
    }

    @Test func `a batch that was hashed before the change began is hashed again`() throws {
        let fixture = try KeyFixture()
        try fixture.send([LedgerFixture.artifact("a")], stream: 1)
        let early = try fixture.prepared([LedgerFixture.artifact("a"), LedgerFixture.artifact("b")], stream: 2)
        try fixture.beginChange()
        let codes = try fixture.ledger.commit([early], now: fixture.now).results[0].codes
        #expect(codes == [.duplicate, .stored])
        #expect(try fixture.send([LedgerFixture.artifact("b")], stream: 3).map(\.code) == [.duplicate])
    }

    @Test func `what is acked under one secret is replayed under the next`() throws {
        let fixture = try KeyFixture()
        let items = [LedgerFixture.artifact("a"), LedgerFixture.artifact("a"), LedgerFixture.artifact("b")]
        let first = try fixture.send(items, stream: 1)
        try fixture.beginChange()
        #expect(try fixture.send(items, stream: 1).map(\.artifact) == first.map(\.artifact))
        _ = try fixture.step()
        try fixture.endChange()
        let again = try fixture.send(items, stream: 1)
        #expect(again.map(\.code) == first.map(\.code) && again.map(\.artifact) == first.map(\.artifact))
        #expect(fixture.ledger.head.received == 3)
    }

    // MARK: Files

    @Test func `a change that ended before its secret was moved is finished by the next start`() throws {
        let fixture = try KeyFixture()
        try fixture.send([LedgerFixture.artifact("a")], stream: 1)
        try fixture.beginChange()
        let new = try #require(fixture.secrets.next)
        _ = try fixture.step()
        try fixture.ledger.endChange()
        try fixture.kill()
        #expect(fixture.secrets.current.id == new.id && fixture.secrets.next == nil)
        #expect(try DedupSecret.load(from: fixture.directory.path)?.id == new.id)
        #expect(try fixture.send([LedgerFixture.artifact("a")], stream: 2).map(\.code) == [.duplicate])
    }

    @Test func `a secret that no change has begun with is nobody's`() throws {
        let fixture = try KeyFixture()
        _ = try fixture.secrets.makeNext()
        let old = fixture.secrets.current.id
        try fixture.kill()
        #expect(fixture.secrets.current.id == old && fixture.ledger.keys.change == nil)
        try fixture.beginChange()
        #expect(fixture.ledger.keys.change?.secretID == fixture.secrets.next?.id)
    }

    @Test func `during a change both secrets must be there, and be the right ones`() throws {
        let fixture = try KeyFixture()
        try fixture.send([LedgerFixture.artifact("a")], stream: 1)
        try fixture.beginChange()
        fixture.ledger.abandon()
        let (current, next) = (
            DedupSecret.path(in: fixture.directory.path), DedupSecret.path(in: fixture.directory.path, .next)
        )
        func refusal() -> String? {
            do {
                let (ledger, _, _) = try KeyFixture.open(fixture.directory, nil)
                ledger.abandon()
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(rename(next, next + ".away") == 0)
        #expect(
            refusal() == "the dedup secret \(next) is missing but the ledger beside it was made with one; "
                + "put the file back from a backup, or start with an empty data directory")
        _ = try DedupSecret.create(in: fixture.directory.path, .next)
        #expect(
            refusal() == "the dedup secret \(next) is not the one that the ledger beside it was made with; "
                + "put the right file back from a backup")
        #expect(rename(next + ".away", next) == 0)
        #expect(rename(current, current + ".away") == 0)
        #expect(
            refusal() == "the dedup secret \(current) is missing but the ledger beside it was made with one; "
                + "put the file back from a backup, or start with an empty data directory")
        #expect(rename(current + ".away", current) == 0)
        #expect(refusal() == nil)
        var status = stat()
        #expect(stat(next, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func `an empty ledger's secret is changed at once`() throws {
        let fixture = try KeyFixture()
        try fixture.beginChange()
        _ = try fixture.step()
        try fixture.endChange()
        #expect(fixture.ledger.keys.change == nil && fixture.ledger.keys.version == 2)
        try fixture.send([LedgerFixture.artifact("a")], stream: 1)
        #expect(try fixture.reading { try $0.key(of: 1)?.secret } == fixture.secrets.current.id)
    }

    @Test func `a manifest names both secrets of a change under way`() throws {
        var manifest = BackupManifest(
            cluster: [1], incarnation: 1, stateVersion: 2, receiptPosition: 1, secretID: [3, 4])
        manifest.nextSecretID = [5, 6]
        #expect(try BackupManifest(parsing: manifest.text()) == manifest)
    }
}

/// With scope `node` a duplicate is looked for among its own node's artifacts.
@Suite struct DedupScopeTests {
    @Test func `each node keeps its own artifact, and all share one content`() throws {
        let fixture = try KeyFixture(scope: .node)
        let item = LedgerFixture.artifact("same")
        let first = try fixture.send([item, item], stream: 1, node: "n1")
        let second = try fixture.send([item, item], stream: 2, node: "n2")
        #expect(first.map(\.code) == [.stored, .duplicate])
        #expect(second.map(\.code) == [.stored, .duplicate])
        #expect(second.map(\.duplicate) == [.sameContent, .exact])
        #expect(first[0].digest != second[0].digest)
        #expect(fixture.ledger.head.contents == 1)
        let infos = try fixture.reading { reader throws in
            try [1, 2].map { try reader.artifact($0, withContent: true) }
        }
        #expect(infos[0]?.artifact?.contentDigest == infos[1]?.artifact?.contentDigest)
        #expect(infos[1]?.content == item.content)
        // The same node finds its own again after a change of the secret.
        try fixture.beginChange()
        _ = try fixture.step()
        try fixture.endChange()
        #expect(try fixture.send([item], stream: 3, node: "n2").map(\.artifact) == [2])
        #expect(try fixture.send([item], stream: 4, node: "n1").map(\.artifact) == [1])
        #expect(try fixture.send([item], stream: 5, node: "n3").map(\.code) == [.stored])
    }

    @Test func `the scope is fixed when the cluster is made`() throws {
        let fixture = try KeyFixture(scope: .node)
        fixture.ledger.abandon()
        let refusal = #expect(throws: LedgerError.self) { try KeyFixture.open(fixture.directory, .cluster) }
        #expect(
            refusal?.description
                == "the dedup scope is cluster but this cluster was made with node, which every digest in it depends "
                + "on; start it with --dedup-scope node, or make another cluster")
        let (ledger, _, _) = try KeyFixture.open(fixture.directory, nil)
        #expect(ledger.identity.scope == .node)
        ledger.abandon()
    }
}
