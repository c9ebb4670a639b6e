import Glibc
import Model
import TestKit
import Testing
import Transport
import Wire

@testable import Node

@Suite("The file collector")
struct FileCollectorTests {
    private let directory: TemporaryDirectory
    private let root: String

    init() throws {
        directory = TemporaryDirectory()
        root = directory.path + "/root"
        #expect(mkdir(root, 0o700) == 0)
    }

    private func assignment(_ location: String, bookmark: [UInt8]? = nil) -> Proto.Assignment {
        var assignment = Proto.Assignment.sample(1, type: "file")
        assignment.location = location
        assignment.bookmark = bookmark.map { $0[...] }
        return assignment
    }

    private func with(_ body: (Bench) async throws -> Void) async throws {
        let bench = try Bench(roots: [root])
        do { try await body(bench) } catch { Issue.record(error) }
        await bench.close()
        bench.loop.stop()
    }

    @Test("one file becomes one artifact, of the type its name says, unless the bytes say otherwise")
    func oneFile() async throws {
        try await with { bench in
            directory.write("{\"a\": 1}", to: "root/a.json")
            directory.write("a\u{0}b", to: "root/b.txt")
            let json = await bench.collect(assignment(root + "/a.json"))
            #expect(json.result == CollectionResult(.collected))
            #expect(json.items.artifacts.map(\.contentType) == ["json"])
            #expect(json.items.artifacts[0].rawSource == "file://\(root)/a.json")
            #expect(json.items.artifacts[0].metadata["file_name"] == "a.json")
            let binary = await bench.collect(assignment("file://" + root + "/b.txt"))
            #expect(binary.items.artifacts.map(\.contentType) == ["binary"])
        }
    }

    @Test("a glob gives matching regular files, a directory everything in it but what begins with a dot")
    func globs() async throws {
        try await with { bench in
            for name in ["a.txt", "b.txt", "c.md", ".hidden.txt"] { directory.write(name, to: "root/" + name) }
            #expect(mkdir(root + "/sub.txt", 0o700) == 0)
            #expect(mkfifo(root + "/pipe.txt", 0o600) == 0)
            let some = await bench.collect(assignment(root + "/?.txt"))
            #expect(some.items.texts.sorted() == ["a.txt", "b.txt"])
            let all = await bench.collect(assignment(root))
            #expect(all.items.texts.sorted() == ["a.txt", "b.txt", "c.md"])
        }
    }

    @Test("wildcards stand in any part of a path, and ** for any number of directories")
    func globsInAnyPart() async throws {
        try await with { bench in
            for name in ["a", "a/x", "b", "b/x", "b/x/y", ".dark"] { #expect(mkdir(root + "/" + name, 0o700) == 0) }
            #expect(symlink(root + "/b", root + "/link") == 0)
            for name in ["top.md", "a/one.md", "a/x/two.md", "b/x/three.md", "b/x/y/four.md", "b/x/y/five.txt"] {
                directory.write(name, to: "root/" + name)
            }
            directory.write("hidden", to: "root/.dark/six.md")
            let found = { (pattern: String) in await bench.collect(assignment(root + pattern)).items.texts.sorted() }
            #expect(await found("/*/x/*.md") == ["a/x/two.md", "b/x/three.md"])
            #expect(await found("/[b-z]/**/*.md") == ["b/x/three.md", "b/x/y/four.md"])
            #expect(
                await found("/**/*.md") == ["a/one.md", "a/x/two.md", "b/x/three.md", "b/x/y/four.md", "top.md"])
            #expect(await found("/b/**") == ["b/x/three.md", "b/x/y/five.txt", "b/x/y/four.md"])
            #expect(await found("/?/one.md") == ["a/one.md"])
            #expect(await found("/.d*/*.md") == ["hidden"])
            #expect(await found("/*/none/*.md") == [])
            let missing = await bench.collect(assignment(root + "/none/*/a"))
            #expect(missing.result == CollectionResult(.failedTarget, error: "\(root)/none: no such file or directory"))
            let source = await bench.collect(assignment(root + "/*/one.md")).items.artifacts.first?.rawSource
            #expect(source == "file://\(root)/a/one.md")
            let many = await bench.collect(assignment(root + String(repeating: "/*", count: 61)))
            #expect(
                many.result.error == "a path with wildcards has at most 60 parts from the first on")
        }
    }

    /// What a walk finds, directories among it.
    private func count(_ walk: FileWalk) throws -> Int {
        var found = 0
        while true {
            switch try walk.next() {
            case .found: found += 1
            case .nothing: continue
            case .ended: return found
            }
        }
    }

    @Test("a walk is bounded in depth and in entries, and says what it left out")
    func bounds() throws {
        var path = root
        for _ in 0..<40 {
            path += "/d"
            #expect(mkdir(path, 0o700) == 0)
        }
        let pattern = try #require(PathPattern(["**"]))
        let deep = FileWalk(pattern, in: try #require(FileRoot(root)).open([]))
        #expect(try count(deep) == 32)
        #expect(deep.omissions == "1 directories more than 32 deep were left out")
        for number in 0..<20 { directory.write("x", to: "root/\(number)") }
        let short = FileWalk(pattern, in: try #require(FileRoot(root)).open([]), limit: 10)
        #expect(try count(short) <= 10)
        #expect(short.omissions == "the walk ended after 10 entries; name a narrower path")
    }

    @Test("a file is collected again only when it has changed")
    func changes() async throws {
        try await with { bench in
            for name in ["a", "b", "c"] { directory.write(name, to: "root/" + name) }
            let first = await bench.collect(assignment(root))
            #expect(first.items.texts.count == 3)
            // A scan that starts after the kernel's clock has moved on knows all three.
            var draft = FileBookmark.Draft(startedAt: SystemTime().wall(), mark: 5)
            let later = WallTime(milliseconds: SystemTime().wall().milliseconds + 1_000)
            let opened = try #require(FileRoot(root)).open([])
            for name in ["a", "b", "c"] { draft.note(try #require(opened.identity(of: name)), at: later) }
            let same = await bench.collect(assignment(root, bookmark: draft.bytes))
            #expect(same.items.texts == [])
            #expect(same.items.unchanged == [])
            await bench.learn([9], of: 5)
            let known = await bench.collect(assignment(root, bookmark: draft.bytes))
            #expect(known.items.unchanged == [[9]])
            directory.write("B!", to: "root/b")
            directory.write("d", to: "root/d")
            let changed = await bench.collect(assignment(root, bookmark: draft.bytes))
            #expect(changed.items.texts.sorted() == ["B!", "d"])
        }
    }

    @Test("nothing outside the roots is read: not by path, by .., by a link to a file, or by a linked directory")
    func escapes() async throws {
        try await with { bench in
            let secret = directory.write("secret", to: "secret.txt")
            #expect(symlink(secret, root + "/link.txt") == 0)
            #expect(symlink(directory.path, root + "/out") == 0)
            let outside =
                "lies below no root of this node; allow it with --allow-root, and write it without .."
            for location in [secret, root + "/../secret.txt", "/etc/passwd", root + "x/a", "relative"] {
                let refused = await bench.collect(assignment(location))
                #expect(refused.result == CollectionResult(.failedNode, error: "\"\(location)\" \(outside)"))
                #expect(refused.items.isEmpty)
            }
            let linked = await bench.collect(assignment(root + "/link.txt"))
            #expect(linked.result.kind == .failedTarget)
            let through = await bench.collect(assignment(root + "/out/secret.txt"))
            #expect(
                through.result
                    == CollectionResult(
                        .failedTarget,
                        error: "\(root)/out is a symbolic link or not a directory; neither is followed below a root"))
            #expect(await bench.collect(assignment(root + "/*")).items.texts == [])
        }
    }

    @Test("what is missing, and what is too large, is said in words")
    func failures() async throws {
        try await with { bench in
            let missing = await bench.collect(assignment(root + "/none"))
            #expect(missing.result == CollectionResult(.failedTarget, error: "\(root)/none does not exist"))
            let nowhere = await bench.collect(assignment(root + "/no/where"))
            #expect(nowhere.result.error == "\(root)/no: no such file or directory")
            directory.write(String(repeating: "x", count: 100), to: "root/large")
            directory.write("ok", to: "root/small")
            var limited = assignment(root)
            limited.maxBytes = 99
            let some = await bench.collect(limited)
            #expect(some.items.texts == ["ok"])
            #expect(
                some.result
                    == CollectionResult(
                        .collected,
                        error: "1 of 2 files were not collected: larger than 99 bytes, empty or unreadable"))
        }
    }

    @Test("many files come in steps, none twice")
    func manyFiles() async throws {
        try await with { bench in
            for number in 0..<600 { directory.write("\(number)", to: "root/\(number)") }
            let all = await bench.collect(assignment(root + "/*"))
            #expect(Set(all.items.texts).count == 600)
            #expect(all.items.artifacts.count == 600)
            let bookmark = try #require(all.items.bookmark)
            #expect(bookmark.count <= Limits.maxBookmark)
        }
    }
}
