import TestKit
import Testing

/// What the binary says of itself.
@Suite(.processes) struct HelpTests {
    private let directory = TemporaryDirectory()

    private func text(_ words: [String]) throws -> String {
        let (end, output, errors) = try Rookery.run(words, in: directory)
        #expect(end == .exited(0))
        #expect(errors == "")
        return output
    }

    @Test func `rookery alone says what to do first`() throws {
        let overview = try text([])
        #expect(overview.contains("To begin, in three terminals:\n  rookery hub --data ./hub\n"))
        #expect(overview.contains("then: rookery status"))
        for words in [["--help"], ["-h"], ["help"]] { #expect(try text(words) == overview) }
    }

    @Test func `the version is a number, asked in either way`() throws {
        let version = try text(["version"])
        #expect(version.split(separator: ".").count == 3 && version.hasSuffix("\n"))
        #expect(try text(["--version"]) == version)
    }

    @Test func `every command explains its flags and shows an example`() throws {
        let overview = try text([])
        let rows = overview.split(separator: "\n").drop { $0 != "Commands:" }.dropFirst()
        let commands = rows.filter { $0.hasPrefix("  ") }.map { row -> [String] in
            let name = row.dropFirst(2)
            let end = name.firstRange(of: "  ")?.lowerBound ?? name.endIndex
            return name[..<end].split(separator: " ").map(String.init)
        }
        #expect(commands.count > 10)
        for command in commands {
            let help = try text(command + ["--help"])
            let name = command.joined(separator: " ")
            #expect(help.contains("Usage: rookery \(name) [flags]"), "\(name)")
            #expect(help.contains("--help"), "\(name)")
            #expect(help.contains("\nExamples:\n  rookery \(name)"), "\(name) has no example")
            // Every flag of an example is explained above it.
            let parts = help.split(separator: "\nExamples:\n", maxSplits: 1)
            for word in parts.last?.split(whereSeparator: \.isWhitespace) ?? [] where word.hasPrefix("--") {
                #expect(parts[0].contains("  \(word) "), "\(name) does not explain \(word)")
            }
        }
    }
}
