import Model
import Telemetry
import Wire

/// Targets from a file of JSON lines, chunk after chunk: a chunk is the same lines whenever the file is read, so that a
/// submission that was cut off goes on where it was, by its key.
struct FileSubmission {
    private struct Chunk {
        var lines: [UInt64] = []
        var specs: [Proto.TargetSpec] = []
        /// Refused before they were sent.
        var wrong: [(line: UInt64, TargetLine.Wrong)] = []
        var bytes = 0
        var read = 0

        var isFull: Bool { read >= Limits.maxTargetsPerChunk || bytes >= Limits.targetChunkBytes }
    }

    private let path: String
    private let key: ArraySlice<UInt8>
    private let from: UInt64
    private let isJSON: Bool
    private var created = 0
    private var updated = 0
    private var refused = 0
    private var lines: UInt64 = 0
    private var chunk: UInt64 = 0
    private let time = SystemTime()
    private var shown: Instant

    init(_ arguments: Arguments, path: String) throws {
        self.path = path
        isJSON = arguments.has("json")
        from = UInt64(try arguments.integer("from-chunk", in: 0...Int(UInt32.max)) ?? 0)
        if let text = arguments.string("key") {
            guard let bytes = Hex.bytes(text), bytes.count == 16 else {
                throw UsageError("--key is \(text); the 32 hexadecimal digits of an earlier submission are accepted")
            }
            key = bytes[...]
        } else if from > 0 {
            throw UsageError("--from-chunk goes on with an earlier submission; give its --key too")
        } else {
            key = try Operator.key()
        }
        shown = time.now()
    }

    mutating func run(_ hub: Operator) async throws -> Int32 {
        Terminal.error("submitting \(path) under key \(Hex.text(key))\n")
        var reader = try LineReader(path: path)
        while let next = try FileSubmission.chunk(&reader) {
            lines += UInt64(next.read)
            if chunk >= from { try await send(next, hub) }
            chunk += 1
            if time.now().since(shown) >= .seconds(1) {
                shown = time.now()
                Terminal.error("\(lines) lines, \(chunk) chunks: \(counts)\n")
            }
        }
        report()
        return refused == 0 ? ExitStatus.done : ExitStatus.failed
    }

    private static func chunk(_ reader: inout LineReader) throws -> Chunk? {
        var chunk = Chunk()
        while !chunk.isFull, let line = try reader.next() {
            chunk.read += 1
            chunk.bytes += line.bytes.count
            guard !line.isBlank else { continue }
            do throws(TargetLine.Wrong) {
                if line.isTooLong {
                    let most = Limits.maxTargetLine
                    throw TargetLine.Wrong(field: "line", sentence: "it is longer than \(most) bytes")
                }
                chunk.specs.append(try TargetLine.read(line.bytes))
                chunk.lines.append(line.number)
            } catch {
                chunk.wrong.append((line.number, error))
            }
        }
        return chunk.read == 0 ? nil : chunk
    }

    private mutating func send(_ next: Chunk, _ hub: Operator) async throws {
        for (line, wrong) in next.wrong { refuse(line, wrong.field, wrong.sentence) }
        guard !next.specs.isEmpty else { return }
        let answer: Proto.Envelope.Body
        do {
            answer = try await hub.ask(
                .submitTargets(Proto.SubmitTargets(key: key, chunk: chunk, targets: next.specs)))
        } catch {
            throw CommandError(
                "stopped at chunk \(chunk): \(error); go on with --key \(Hex.text(key)) --from-chunk \(chunk)")
        }
        guard case .submitTargetsReply(let reply) = answer else { throw Operator.unexpected(answer) }
        for (line, verdict) in zip(next.lines, reply.verdicts) {
            switch verdict.result {
            case .created: created += 1
            case .updated: updated += 1
            case .refused, .unspecified, .unrecognized: refuse(line, verdict.field, verdict.message)
            }
        }
    }

    private mutating func refuse(_ line: UInt64, _ field: String, _ sentence: String) {
        refused += 1
        Terminal.error("line \(line): \(Output.cell(field)): \(Output.cell(sentence, width: 400))\n")
    }

    private var counts: String { "\(created) created, \(updated) updated, \(refused) refused" }

    private func report() {
        guard isJSON else { return Terminal.out("\(lines) lines: \(counts)\n") }
        Output.json { writer in
            writer.field("key", Hex.text(key))
            writer.field("lines", lines)
            writer.field("chunks", chunk)
            writer.field("created", created)
            writer.field("updated", updated)
            writer.field("refused", refused)
        }
    }
}
