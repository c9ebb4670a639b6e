import Glibc
import Model
import TestKit
import Testing
import Transport
import Wire

@testable import Node

@Suite("Tailing logs")
struct TailTests {
    private func assignment(_ location: String, bookmark: [UInt8]? = nil) -> Proto.Assignment {
        var assignment = Proto.Assignment(
            lease: 1, type: "file", location: location, bookmark: bookmark.map { $0[...] })
        assignment.metadata = ["collect.tail": "yes"]
        return assignment
    }

    private func append(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND)
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    @Test("only whole lines that came since the last time are collected, also when the log is rotated")
    func rotation() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        let path = directory.write("one\ntwo\nthr", to: "a.log")
        let pattern = directory.path + "/a.log*"
        let first = await bench.collect(assignment(pattern))
        #expect(first.items.texts == ["one\ntwo\n"])
        #expect(first.items.artifacts.first?.metadata["lines"] == "2")
        #expect(first.items.artifacts.first?.rawSource == "file://\(path)#offset=0")
        let idle = await bench.collect(assignment(pattern, bookmark: first.items.bookmark))
        #expect(idle.items.texts.isEmpty)
        append("ee\n", to: path)
        #expect(rename(path, path + ".1") == 0)
        directory.write("new\n", to: "a.log")
        let rotated = await bench.collect(assignment(pattern, bookmark: idle.items.bookmark))
        #expect(rotated.items.texts.sorted() == ["new\n", "three\n"])
        directory.write("n\n", to: "a.log")
        let shorter = await bench.collect(assignment(pattern, bookmark: rotated.items.bookmark))
        #expect(shorter.items.texts == ["n\n"])
        await bench.close()
        bench.loop.stop()
    }

    @Test("logs of many directories are tailed by one pattern, each from where it was")
    func manyDirectories() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        for name in ["web", "web/old", "mail"] { #expect(mkdir(directory.path + "/" + name, 0o700) == 0) }
        let path = directory.write("w\n", to: "web/app.log")
        directory.write("m\n", to: "mail/app.log")
        directory.write("o\n", to: "web/old/app.log")
        let pattern = directory.path + "/**/*.log"
        let first = await bench.collect(assignment(pattern))
        #expect(first.items.texts == ["m\n", "w\n", "o\n"])
        append("more\n", to: path)
        let second = await bench.collect(assignment(pattern, bookmark: first.items.bookmark))
        #expect(second.items.texts == ["more\n"])
        let none = await bench.collect(assignment(directory.path + "/*/*.txt"))
        #expect(none.result.error == "\(directory.path)/*/*.txt matches no file")
        await bench.close()
        bench.loop.stop()
    }

    @Test("a long log comes in pieces that end with lines, and a line without end is cut")
    func pieces() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        let lines = (0..<20_000).map { "line \($0)\n" }.joined()
        let path = directory.write(lines + String(repeating: "x", count: 70_000), to: "b.log")
        let (items, _) = await bench.collect(assignment(path))
        #expect(items.texts.joined() == lines + String(repeating: "x", count: 65_536))
        #expect(items.artifacts.allSatisfy { $0.content.count <= 65_536 })
        await bench.close()
        bench.loop.stop()
    }

    @Test("a pattern that matches nothing, and a place outside the roots, are told in words")
    func nothing() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        let none = await bench.collect(assignment(directory.path + "/*.log"))
        #expect(none.result.error == "\(directory.path)/*.log matches no file")
        #expect(await bench.collect(assignment("/etc/passwd")).result.kind == .failedNode)
        await bench.close()
        bench.loop.stop()
    }

    @Test("a bookmark holds a thousand files")
    func bookmark() {
        var bookmark = TailBookmark()
        for inode in 0..<1_000 as Range<UInt64> {
            let isNoted = bookmark.note(inode, inode * 2)
            #expect(isNoted)
        }
        let isNoted = bookmark.note(5_000, 1)
        #expect(!isNoted)
        #expect(bookmark.bytes.count <= Limits.maxBookmark)
        #expect(TailBookmark(bookmark.bytes[...]) == bookmark)
        #expect(TailBookmark([1][...]) == nil)
    }
}
