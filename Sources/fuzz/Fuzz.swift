import FuzzKit
import Glibc
import Model

/// `fuzz corpus DIRECTORY` writes the seeds; `fuzz mutate SEED COUNT DIRECTORY` tries COUNT mutations of what is there.
@main
enum Fuzz {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("corpus", 2):
            try Corpus.write(Corpus.envelopes(), to: arguments[1] + "/envelope")
            try Corpus.write(Corpus.streams(), to: arguments[1] + "/frame")
            try Corpus.write(Corpus.documents(), to: arguments[1] + "/document")
        case ("mutate", 4):
            guard let seed = UInt64(arguments[1]), let count = Int(arguments[2]) else { fallthrough }
            try mutate(seed: seed, count: count, directory: arguments[3])
        default:
            print("use: fuzz corpus DIRECTORY | fuzz mutate SEED COUNT DIRECTORY")
            exit(2)
        }
    }

    private static func mutate(seed: UInt64, count: Int, directory: String) throws {
        var envelopes = MutationFuzzer(corpus: try Corpus.read(directory + "/envelope").map(\.bytes), seed: seed)
        var streams = MutationFuzzer(corpus: try Corpus.read(directory + "/frame").map(\.bytes), seed: seed)
        var documents = MutationFuzzer(
            corpus: try Corpus.read(directory + "/document").map(\.bytes), seed: seed,
            telling: MutationFuzzer.textual)
        let start = SystemTime().now()
        for number in 0..<count / 3 {
            Exercise.document(documents.next(), chunk: 1 + number % 61)
            Exercise.envelope(envelopes.next()[...])
            Exercise.stream(streams.next()[...], chunk: 1 + number % 97)
        }
        print("\(count) inputs in \(SystemTime().now().since(start).milliseconds) ms")
    }
}
