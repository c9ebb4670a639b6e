import FuzzKit
import Wire

enum Bodies {
    /// One body of every kind; `RoundTripTests` proves that none is missing.
    static let all = Corpus.envelopes().compactMap { try? Proto.Envelope(decoding: $0.bytes).body }
}
