import FuzzKit
import TestKit
import Testing

@Suite struct GeneratedCodeTests {
    @Test func `the generated messages are those of the proto file`() throws {
        let wiregen = Repository.products + "/wiregen"
        let scratch = TemporaryDirectory()
        let directory = scratch.path
        defer { withExtendedLifetime(scratch) {} }
        let command = "WIREGEN='\(wiregen)' '\(Repository.root)/scripts/generate' '\(directory)' 2>&1"
        let (status, output) = try Repository.run(command)
        #expect(status == 0, "\(output)")
        let fresh = try Corpus.read(directory + "/Sources/Wire/Generated")
        let kept = try Corpus.read(Repository.root + "/Sources/Wire/Generated")
        #expect(fresh.count >= 10)
        #expect(fresh.map(\.name) == kept.map(\.name))
        for (new, old) in zip(fresh, kept) where new.bytes != old.bytes {
            Issue.record("\(new.name) is not what scripts/generate writes")
        }
    }

    @Test(arguments: [
        ("syntax = \"proto2\"; package a;", "must begin with syntax"),
        ("syntax = \"proto3\"; package b;", "no namespace for package b"),
        ("syntax = \"proto3\"; package a; message M { map<string, int32> m = 1; }", "only map<string, string>"),
        ("syntax = \"proto3\"; package a; service S {}", "has services"),
    ])
    func `wiregen says what it cannot turn into Swift`(source: String, sentence: String) throws {
        let scratch = TemporaryDirectory()
        let directory = scratch.path
        defer { withExtendedLifetime(scratch) {} }
        let command =
            "cd '\(directory)' && echo '\(source)' > x.proto && protoc --descriptor_set_out=set x.proto 2>/dev/null"
            + " && '\(Repository.products)/wiregen' --package a=A --input set . 2>&1"
        let (status, output) = try Repository.run(command)
        #expect(status != 0)
        #expect(output.contains(sentence))
    }

    @Test func `names, nested types and every kind of number become Swift that builds`() throws {
        let source = """
            syntax = "proto3"; package a.v1;
            // What it is.
            message Outer {
              message Inner { sint32 in = 1; repeated double default = 2; }
              enum State { STATE_NONE = 0; STATE_IN = 1; }
              Inner inner = 1; repeated State states = 2;
              oneof choice { fixed64 one = 3; string two = 4; }
              float f = 5; sfixed32 g = 6; optional bool h = 7; repeated bytes parts = 8;
            }
            """
        let scratch = TemporaryDirectory()
        let directory = scratch.path
        defer { withExtendedLifetime(scratch) {} }
        let wiregen = "'\(Repository.products)/wiregen' --package a.v1=Kept --import-wire --input set ."
        let modules = Repository.products + "/Modules"
        let build = "swiftc -typecheck -package-name \(Repository.packageName) -I '\(modules)' Kept.swift 2>&1"
        let command =
            "cd '\(directory)' && cat > x.proto <<'END' "
            + "&& protoc --include_source_info --descriptor_set_out=set x.proto "
            + "&& \(wiregen) && \(build)\n\(source)\nEND"
        let (status, output) = try Repository.run(command)
        #expect(status == 0, "\(output)")
        let kept = String(decoding: try Repository.read(directory + "/Kept.swift"), as: UTF8.self)
        #expect(kept.contains("/// What it is.\n    package struct Outer"))
    }
}
