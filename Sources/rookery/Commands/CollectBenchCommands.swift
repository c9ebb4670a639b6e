import Benchmarks
import Lifecycle
import Model

extension Command {
    static let benchDataset = Command(
        name: "bench dataset", summary: "stream a large data set through a real node, and measure its memory",
        flags: [
            Flag(name: "bytes", value: "N", help: "of the JSONL file that is made (default 2147483648)"),
            Flag(name: "row-bytes", value: "N", help: "of a row, about (default 4096)"),
            Flag(name: "runs", value: "N", help: "how often (default 1)"), .json,
        ],
        examples: ["rookery bench dataset --json", "rookery bench dataset --bytes 104857600 --json"],
        run: { arguments in
            var bench = DatasetBench()
            if let n = try arguments.integer("bytes", in: 10_000...1_000_000_000_000) { bench.bytes = n }
            if let n = try arguments.integer("row-bytes", in: 64...500_000) { bench.rowBytes = n }
            if let n = try arguments.integer("runs", in: 1...100) { bench.runs = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })

    static let benchSpool = Command(
        name: "bench spool", summary: "measure how fast a node delivers what it spooled while its hub was away",
        flags: [
            Flag(name: "artifacts", value: "N", help: "that are spooled, at least (default 1000000)"),
            Flag(name: "row-bytes", value: "N", help: "of one, about (default 256)"), .json,
        ],
        examples: ["rookery bench spool --json"],
        run: { arguments in
            var bench = SpoolBench()
            if let n = try arguments.integer("artifacts", in: 1_000...100_000_000) { bench.artifacts = n }
            if let n = try arguments.integer("row-bytes", in: 64...500_000) { bench.rowBytes = n }
            Terminal.out(try await bench.run { Terminal.error($0 + "\n") } + "\n")
            return ExitStatus.done
        })
}
