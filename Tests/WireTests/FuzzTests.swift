import FuzzKit
import Model
import Testing
import Wire

/// A trap is what fails here: `Exercise` holds the promises.
@Suite struct FuzzTests {
    private static func corpus(_ name: String) throws -> [[UInt8]] {
        try Corpus.read("\(Repository.root)/Tests/Corpus/\(name)").map(\.bytes)
    }

    @Test func `every kept input is survived in pieces of every size`() throws {
        for input in try FuzzTests.corpus("envelope") { Exercise.envelope(input[...]) }
        for input in try FuzzTests.corpus("frame") {
            for chunk in [1, 2, 3, 5, 64, 4_096] { Exercise.stream(input[...], chunk: chunk) }
        }
    }

    @Test func `every kept document is survived, in pieces of every size`() throws {
        let kept = try FuzzTests.corpus("document")
        #expect(kept.count >= 30)
        for input in kept {
            for chunk in [1, 2, 7, 64, 4_096] { Exercise.document(input, chunk: chunk) }
        }
    }

    @Test func `a hundred thousand mutated documents do no harm`() throws {
        var fuzzer = MutationFuzzer(
            corpus: try FuzzTests.corpus("document"), seed: 3, telling: MutationFuzzer.textual)
        for number in 0..<100_000 { Exercise.document(fuzzer.next(), chunk: 1 + number % 61) }
    }

    @Test func `the kept inputs hold the seeds that the fuzz command writes`() throws {
        let kept = try Corpus.read("\(Repository.root)/Tests/Corpus/envelope")
        for seed in Corpus.envelopes() {
            #expect(kept.contains { $0.name == seed.name && $0.bytes == seed.bytes }, "\(seed.name)")
        }
        let documents = try Corpus.read("\(Repository.root)/Tests/Corpus/document")
        for seed in Corpus.documents() {
            #expect(documents.contains { $0.name == seed.name && $0.bytes == seed.bytes }, "\(seed.name)")
        }
        #expect(kept.count + (try FuzzTests.corpus("frame").count) < 200)
    }

    @Test func `half a million mutated envelopes do no harm`() throws {
        var fuzzer = MutationFuzzer(corpus: try FuzzTests.corpus("envelope"), seed: 1)
        for _ in 0..<500_000 { Exercise.envelope(fuzzer.next()[...]) }
    }

    @Test func `half a million mutated streams do no harm`() throws {
        var fuzzer = MutationFuzzer(corpus: try FuzzTests.corpus("frame"), seed: 2)
        for number in 0..<500_000 { Exercise.stream(fuzzer.next()[...], chunk: 1 + number % 97) }
    }

    @Test func `a broken promise is seen`() async {
        await #expect(processExitsWith: .failure) {
            Exercise.check([.close(.goodbye), .count(.malformed)], for: 9, isClosed: true)
        }
        await #expect(processExitsWith: .failure) { Exercise.check([.close(.goodbye)], for: 9, isClosed: false) }
        await #expect(processExitsWith: .failure) {
            let long = Proto.Error(message: String(repeating: "x", count: 2_000))
            Exercise.check([.send(Proto.Envelope(body: .error(long)))], for: 9, isClosed: false)
        }
        Exercise.check([.count(.malformed), .close(.goodbye)], for: 9, isClosed: true)
    }

    @Test func `the same seed makes the same inputs`() throws {
        let corpus = try FuzzTests.corpus("frame")
        var one = MutationFuzzer(corpus: corpus, seed: 7)
        var two = MutationFuzzer(corpus: corpus, seed: 7)
        #expect((0..<100).allSatisfy { _ in one.next() == two.next() })
    }
}
