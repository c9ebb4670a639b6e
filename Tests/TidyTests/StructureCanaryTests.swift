import Testing

@Suite("Canaries of structure")
struct StructureCanaryTests {
    private func imports(_ line: String, in module: String) -> [String] {
        Layers.imports(SourceFile("Sources/\(module)/A.swift", "// A\n" + line + "\n")).map(\.description)
    }

    @Test func `a role that imports a role is found`() {
        #expect(
            imports("package import Coordinator", in: "Node") == [
                "Sources/Node/A.swift:2: import Coordinator: "
                    + "roles never import each other; meet in Wire or in a protocol in Model"
            ])
    }

    @Test(arguments: [
        ("import CSQLite", "Coordinator"), ("import Foundation", "Hub"), ("import TestKit", "Node"),
        ("import Node", "Transport"), ("private import Chaos", "Nowhere"), ("@testable import rookery", "Hub"),
        ("import struct Foundation.Data", "Hub"), ("import Lifecycle", "Telemetry"),
    ])
    func `an import against the layers is found`(line: String, module: String) {
        #expect(imports(line, in: module).count == 1)
    }

    @Test(arguments: [
        ("import Glibc", "Model"), ("package import Model", "Wire"), ("import CSQLite", "Storage"),
        ("import TestKit", "simulate"), ("import Node", "rookery"), ("let a = \"import Foundation\"", "Node"),
    ])
    func `an import down the layers is not`(line: String, module: String) {
        #expect(imports(line, in: module) == [])
    }

    @Test(arguments: BannedCalls.bans.map(\.call))
    func `a banned call is found in code, not in comments, strings or longer words`(call: String) {
        let text = "// \(call)\nlet a = \"\(call)\"\nlet x = \(call)\n"
        #expect(BannedCalls.calls(SourceFile("Sources/Node/A.swift", text)).map(\.line) == [3])
        guard !call.hasPrefix(".") else { return }
        #expect(BannedCalls.calls(SourceFile("Sources/Node/A.swift", "let x = is\(call)\n")) == [])
    }

    @Test func `a banned call is allowed where its replacement is made`() {
        let source = "SystemRandomNumberGenerator()"
        #expect(BannedCalls.calls(SourceFile("Sources/Model/Randomness.swift", source)) == [])
        #expect(BannedCalls.calls(SourceFile("Tests/NodeTests/A.swift", "Task.sleep(for: x)")).count == 1)
    }

    @Test func `an unchecked promise without its reason is found`() {
        let bare = "import Glibc\n\nfinal class A: @unchecked Sendable {}\n"
        #expect(BannedCalls.unchecked(SourceFile("Sources/Node/A.swift", bare)).map(\.line) == [3])
        let said = "// Owned by one thread.\n/// A handle.\nnonisolated(unsafe) let a = f()\n"
        #expect(BannedCalls.unchecked(SourceFile("Sources/Node/A.swift", said)) == [])
    }

    @Test func `a string's contents and interpolations are not code, what follows them is`() {
        let text = ##"f("a\(g("}"))b", #"raw " \ quote"#); h() /* i() */ + j()"##
        let file = SourceFile("Sources/Node/A.swift", text + "\n\"\"\"\n try! k\n\"\"\"\nlast()")
        #expect(!file.code.joined().contains("g("))
        #expect(file.code[0].contains("h()") && file.code[0].contains("j()") && !file.code[0].contains("i()"))
        #expect(file.comments[0].contains("i()"))
        #expect(file.code[2] == "       " && file.code[4] == "last()")
    }

    @Test func `a README of 100 lines is found`() {
        #expect(Documents.readme(SourceFile("README.md", String(repeating: "\n", count: 100))).count == 1)
        #expect(Documents.readme(SourceFile("README.md", String(repeating: "\n", count: 99))) == [])
    }

    @Test func `a dead link is found, a live one and one to elsewhere are not`() {
        let text = "[a](../README.md) [b](https://swift.org) [c](#here)\n[d](GONE.md#x)"
        let found = Documents.links(SourceFile("docs/A.md", text)) { $0 == "README.md" }
        #expect(found.map(\.description) == ["docs/A.md:2: dead link GONE.md; point it to what there is"])
    }

    @Test func `a named file that is not there is found`() {
        let text = "run `./scripts/demo`, then ./scripts/gone. See docs/A.md and scripts/<name>, Sources/*/A.swift"
        let there = ["scripts/demo", "docs/A.md"]
        let found = Documents.namedFiles(SourceFile("docs/A.md", text), exists: there.contains)
        #expect(found.map(\.remedy) == ["scripts/gone is not there; name what there is"])
    }

    @Test func `a command or flag that is gone is found`() {
        let text =
            "`rookery hub --data D` and `rookery fly`, as rookery should\n    rookery node \\\n  --wings 2 # --x\n"
        let found = Commands.named(SourceFile("docs/A.md", text))
        #expect(
            found.map(\.description) == [
                "docs/A.md:1: rookery has no subcommand “fly”", "docs/A.md:2: rookery node has no flag --wings",
            ])
        let unit = SourceFile("deploy/a.service", "ExecStart=/usr/bin/rookery hub --data %S/x --colour\n")
        #expect(Commands.named(unit).map(\.remedy) == ["rookery hub has no flag --colour"])
    }

    @Test func `a unit without hardening is found`() {
        let found = Units.hardened(SourceFile("deploy/a.service", "[Service]\nExecStart=a\nRestart=always\n"))
        #expect(found.count == Units.required.count - 2)
    }
}
