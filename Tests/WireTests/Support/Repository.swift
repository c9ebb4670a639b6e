import FuzzKit
import Glibc
import TestKit

/// The files of this repository, and what the shell makes of them.
enum Repository {
    /// Tests/WireTests/Support/Repository.swift, four steps up.
    static let root = parent(#filePath, steps: 4)

    /// What SwiftPM calls the package to the compiler: its directory's name.
    static var packageName: String {
        let directory = root.split(separator: "/").last ?? ""
        return String(directory.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    static func text(_ path: String) throws -> String { String(decoding: try read("\(root)/\(path)"), as: UTF8.self) }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Corpus.FileFailure(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var byte = fgetc(file)
        while byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(file)
        }
        return bytes
    }

    static var products: String { BuildProducts.directory }

    private static func parent(_ path: String, steps: Int) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast(steps).joined(separator: "/")
    }

    /// What a shell command says, and how it ends.
    static func run(_ command: String) throws -> (status: Int32, output: String) {
        guard let pipe = popen(command, "r") else { throw Corpus.FileFailure(path: command) }
        var output: [UInt8] = []
        var byte = fgetc(pipe)
        while byte != EOF {
            output.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(pipe)
        }
        return (pclose(pipe), String(decoding: output, as: UTF8.self))
    }
}
