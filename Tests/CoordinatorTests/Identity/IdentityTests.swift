import Glibc
import Model
import Sealing
import TestKit
import Testing
import Wire

@testable import Coordinator

/// What an artifact is called, and that nothing else is called so.
@Suite struct IdentityTests {
    private let secret: DedupSecret
    private let salt = Array(UInt8(1)...16)

    init() throws { secret = try DedupSecret(bytes: Array(0..<32)) }

    private func artifact(_ text: String, source: String = "http://a.example/") -> Proto.Artifact {
        var artifact = LedgerFixture.artifact(text, source: source)
        artifact.metadata = ["domain": "a.example", "source_type": "web", "note": "does not count"]
        return artifact
    }

    private func hasher(_ scope: DedupScope = .cluster) throws -> IdentityHasher {
        try IdentityHasher(IdentityKeys(secret: secret, salt: salt, scope: scope))
    }

    /// The same by Python's hashlib, from what docs/LEDGER.md and the comments say: a content digest, a digest, and one
    /// under a node's own salt, for each of the two texts.
    private static let program = """
        import hashlib, struct, sys
        key, salt = bytes(range(32)), bytes(range(1, 17))
        def hash(person, *parts, salt=salt):
            h = hashlib.blake2b(digest_size=32, key=key, salt=salt, person=person)
            for part in parts:
                h.update(struct.pack("<Q", len(part)) + part)
            return h.digest()
        for text in sys.argv[1:]:
            content = hash(b"rookery.content.", b"text", text.encode())
            parts = [content, b"http://a.example/", b"a.example", b"web", b""]
            own = hashlib.blake2b(b"n-1", digest_size=32, key=key, salt=salt, person=b"rookery.nodesalt")
            print(content.hex())
            print(hash(b"rookery.artifact", *parts).hex())
            print(hash(b"rookery.artifact", *parts, salt=own.digest()[:16]).hex())
        """

    @Test func `digests are those of Python's hashlib with key, salt and personalisation`() throws {
        let directory = TemporaryDirectory()
        let (program, answer) = (directory.file("program.py"), directory.file("answer"))
        let file = try #require(fopen(program, "wb"))
        fputs(IdentityTests.program, file)
        fclose(file)
        #expect(system("python3 \(program) 'one text' 'füchse 🦊 wohnen' > \(answer)") == 0)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let read = try #require(fopen(answer, "rb"))
        let count = fread(&bytes, 1, bytes.count, read)
        fclose(read)
        let expected = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        var made: [String] = []
        for text in ["one text", "füchse 🦊 wohnen"] {
            let shared = try hasher().identity(of: artifact(text), from: "n-1")
            let own = try hasher(.node).identity(of: artifact(text), from: "n-1")
            #expect(own.content == shared.content)
            made += [shared.content.hex, shared.digest.hex, own.digest.hex]
        }
        #expect(made == expected)
    }

    @Test func `bytes that move from one field to the next make another digest`() throws {
        var spelled: [Proto.Artifact] = []
        for (source, domain, type) in [
            ("ab", "c", ""), ("a", "bc", ""), ("abc", "", ""), ("", "abc", ""), ("ab", "", "c"),
        ] {
            var item = artifact("x", source: source)
            item.metadata = ["domain": domain, "source_type": type]
            spelled.append(item)
        }
        // A separator of any kind, inside a field, is a byte like others.
        for source in ["ab:c", "ab\u{0}c", "ab\nc", "ab\u{1F}c"] { spelled.append(artifact("x", source: source)) }
        var typed = artifact("x", source: "ab")
        typed.contentType = "tex"
        typed.content = Array("tx".utf8)[...]
        spelled.append(typed)
        let hasher = try hasher()
        let digests = spelled.map { hasher.identity(of: $0).digest }
        #expect(Set(digests.map(\.hex)).count == spelled.count)
    }

    @Test func `texts that only look alike are different texts`() throws {
        let hasher = try hasher()
        func content(_ text: String) -> Digest { hasher.identity(of: artifact(text)).content }
        let latin = content("paypal account")
        for lookalike in [
            "p\u{0430}ypal account",  // Cyrillic a
            "payp\u{03B1}l account",  // Greek alpha
            "paypa1 account", "paypaI acc\u{03BF}unt", "paypal\u{0331} account",
        ] { #expect(content(lookalike) != latin, "\(lookalike)") }
        // What Unicode itself calls one text in another dress is one text.
        for dress in [
            "PayPal  Account", "ｐａｙｐａｌ account", "pay\u{00AD}pal account", "pay\u{200B}pal account",
            "𝓹𝓪𝔂𝓹𝓪𝓵 account",
        ] { #expect(content(dress) == latin, "\(dress)") }
    }

    @Test func `a poisoned copy with a long common beginning is another content`() throws {
        let fixture = try LedgerFixture()
        let common = String(repeating: "the same words again ", count: 2_000)
        let verdicts = try fixture.commit(
            [artifact(common + "pay to account 1"), artifact(common + "pay to account 2"), artifact(common)], first: 1
        ).verdicts
        #expect(verdicts.map(\.code) == [.stored, .stored, .stored])
        #expect(verdicts.allSatisfy { $0.duplicate == .none })
        #expect(fixture.ledger.head.contents == 3)
    }

    @Test func `a secret's file is for its owner alone, whatever was there before`() throws {
        let directory = TemporaryDirectory()
        for place in DedupSecret.Place.allCases {
            let path = DedupSecret.path(in: directory.path, place)
            let draft = try #require(fopen(path + ".new", "wb"))
            fclose(draft)
            #expect(chmod(path + ".new", 0o666) == 0)
            let made = try DedupSecret.create(in: directory.path, place)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(try DedupSecret.load(from: directory.path, place)?.id == made.id)
        }
    }
}
