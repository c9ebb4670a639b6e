import Glibc
import TestKit

/// Debian's own Python: another implementation of what we speak and store.
enum Python {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The repository that holds this file.
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        try shell((["/usr/bin/python3", "-c", program] + arguments).map(quoted).joined(separator: " "))
    }

    /// The one number that a query of an SQLite database gives.
    static func number(_ query: String, in path: String) throws -> Int {
        let program = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])"
        let output = try run(program, [path, query])
        guard let number = Int(output.filter { $0 != "\n" }) else { throw Failure(description: output) }
        return number
    }

    /// What a shell command says on both its outputs; its failure is an error.
    static func shell(_ command: String) throws -> String {
        guard let pipe = popen("{ \(command)\n} 2>&1", "re") else {
            throw Failure(description: "\(command): errno \(errno)")
        }
        var output: [UInt8] = []
        while case let byte = fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
        let text = String(decoding: output, as: UTF8.self)
        guard pclose(pipe) == 0 else { throw Failure(description: "\(command): \(text)") }
        return text
    }

    static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
