import Glibc
import Telemetry
import Wire

/// The newest run, what it was made of, and why its sample texts are where they are, as files that another program can
/// compute again: run.json, why.jsonl, stop_words.txt and texts.jsonl.
struct PatternExport {
    let directory: String

    func run(_ arguments: Arguments) async throws -> (patterns: Int, texts: Int) {
        try await Operator.with(arguments) { hub in
            let answer = try await hub.ask(.listPatterns(Proto.ListPatterns()))
            guard case .listPatternsReply(let run) = answer else { throw Operator.unexpected(answer) }
            guard run.stateVersion != 0 else { throw CommandError(run.message) }
            guard mkdir(directory, 0o755) == 0 || errno == EEXIST else { throw failure(directory) }
            var whole = JSONWriter(pretty: true)
            whole.object { PatternText.fields(run, &$0) }
            try write("run.json") { try $0(whole.bytes + [10]) }
            var why = JSONWriter()
            for pattern in run.patterns {
                let answer = try await hub.ask(.explainPattern(Proto.ExplainPattern(artifact: pattern.sample)))
                guard case .explainPatternReply(let reply) = answer else { throw Operator.unexpected(answer) }
                why.object { PatternText.fields(reply, &$0) }
            }
            try write("why.jsonl") { try $0(why.bytes + [10]) }
            return (run.patterns.count, try await texts(of: run.stateVersion, hub))
        }
    }

    private func texts(of version: UInt64, _ hub: Operator) async throws -> Int {
        guard let file = fopen(directory + "/texts.jsonl", "w") else { throw failure(directory + "/texts.jsonl") }
        defer { fclose(file) }
        var (count, after) = (0, UInt64(0))
        repeat {
            let answer = try await hub.ask(.listPatternTexts(Proto.ListPatternTexts(after: after)))
            guard case .listPatternTextsReply(let page) = answer else { throw Operator.unexpected(answer) }
            guard page.stateVersion == version else {
                throw CommandError("patterns were looked for again in the meantime; export again")
            }
            if after == 0 {
                try write("stop_words.txt") { try $0(Array((page.stopWords.joined(separator: " ") + "\n").utf8)) }
            }
            for text in page.texts { try put(line(text), file) }
            count += page.texts.count
            after = page.next
        } while after != 0
        return count
    }

    private func line(_ text: Proto.PatternText) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("artifact", "a\(text.artifact)")
            if text.pattern == 0 { writer.nullField("pattern") } else { writer.field("pattern", "p\(text.pattern)") }
            writer.field("text", String(decoding: text.content, as: UTF8.self))
            if let near = text.nearDuplicate {
                writer.field("like") { writer in
                    writer.object { writer in
                        writer.field("artifact", "a\(near.artifact)")
                        writer.field("similarity", near.similarity)
                    }
                }
            }
        }
        return writer.bytes + [10]
    }

    private func write(_ name: String, _ body: (([UInt8]) throws -> Void) throws -> Void) throws {
        guard let file = fopen(directory + "/" + name, "w") else { throw failure(directory + "/" + name) }
        defer { fclose(file) }
        try body { try put($0, file) }
    }

    private func put(_ bytes: [UInt8], _ file: UnsafeMutablePointer<FILE>) throws {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failure(directory) }
    }

    private func failure(_ path: String) -> CommandError {
        CommandError("\(path) could not be written: \(String(cString: strerror(errno))); name a directory to write in")
    }
}
