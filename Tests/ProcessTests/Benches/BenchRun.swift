import TestKit
import Testing

/// One run of a bench, and what it printed.
enum BenchRun {
    static func text(_ words: [String], in directory: TemporaryDirectory) throws -> String {
        let (end, output, errors) = try Rookery.run(["bench"] + words + ["--json"], in: directory)
        #expect(end == .exited(0), "\(errors)")
        return output
    }

    static func figures(_ text: String) -> [String: Double] {
        var figures: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].filter { $0 != " " && $0 != "\"" }
            figures[String(name)] = Double(String(parts[1].filter { $0 != " " && $0 != "," }))
        }
        return figures
    }
}
