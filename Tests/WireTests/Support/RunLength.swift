import Model

/// Stands for zstd: runs of equal bytes as (count, byte). What it makes is refused when it is cut or has an empty run.
struct RunLength: ByteCompressor {
    func compress(_ input: Span8, into output: inout [UInt8]) {
        var rest = input
        while let byte = rest.first {
            let run = rest.prefix(255).prefix { $0 == byte }
            output += [UInt8(run.count), byte]
            rest = rest[run.endIndex...]
        }
    }

    func decompress(_ input: Span8, limit: Int) -> [UInt8]? {
        var output: [UInt8] = []
        var rest = input
        while let count = rest.popFirst() {
            guard count > 0, let byte = rest.popFirst(), output.count + Int(count) <= limit else { return nil }
            output += Array(repeating: byte, count: Int(count))
        }
        return output
    }
}
