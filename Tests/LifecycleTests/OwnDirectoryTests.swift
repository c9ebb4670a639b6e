import Glibc
import TestKit
import Testing

@testable import Lifecycle

@Suite struct OwnDirectoryTests {
    @Test func `it goes with all that is in it, and what links lead to stays`() throws {
        let outside = TemporaryDirectory()
        outside.write("kept", to: "file")
        var own = OwnDirectory(in: outside.path, name: "own")
        let path = try #require(own?.path)
        #expect(path.hasPrefix(outside.path + "/own-"))
        #expect(mkdir(path + "/a", 0o700) == 0 && mkdir(path + "/a/b", 0o700) == 0)
        #expect(fclose(fopen(path + "/a/b/c", "w")) == 0)
        #expect(symlink(outside.path, path + "/a/link") == 0 && symlink("nowhere", path + "/broken") == 0)
        var seen: [String] = []
        OwnDirectory.visit(path) { file, _ in seen.append(String(file.dropFirst(path.count))) }
        #expect(seen.sorted() == ["/a", "/a/b", "/a/b/c", "/a/link", "/broken"])
        #expect(seen.firstIndex(of: "/a/b/c") ?? .max < seen.firstIndex(of: "/a/b") ?? 0)
        own = nil
        #expect(access(path, F_OK) == -1)
        #expect(TemporaryDirectory.size(of: outside.file("file")) == 4)
    }

    @Test func `where there is no place for it, there is none`() {
        let outside = TemporaryDirectory()
        #expect(OwnDirectory(in: outside.file("missing"), name: "own") == nil)
        #expect(errno == ENOENT)
    }
}
