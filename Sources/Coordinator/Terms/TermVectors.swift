import Glibc

/// The texts of a run as sparse vectors of length 1. A term's weight in a text is how often it occurs there, times
/// ln((1 + texts) / (1 + texts that have it)) + 1.
struct TermVectors {
    private(set) var features: [UInt16] = []
    private(set) var weights: [Float] = []
    /// Where the terms of each text end.
    private(set) var ends: [Int] = []
    /// In how many texts each feature occurs.
    private(set) var texts: [UInt32]

    var count: Int { ends.count }

    init(_ corpus: Corpus, _ terms: Terms) {
        texts = Array(repeating: 0, count: terms.all.count)
        var tally = Tally(terms.all.count)
        for text in 0..<corpus.count {
            terms.each(in: corpus.words(of: text)) { tally.add($0) }
            tally.drain { feature, count in
                features.append(feature)
                weights.append(Float(count))
                texts[Int(feature)] += 1
            }
            ends.append(features.count)
        }
        let idf = texts.map { TermVectors.idf(texts: corpus.count, having: $0) }
        for text in ends.indices { scale(range(text), idf) }
    }

    static func idf(texts: Int, having: UInt32) -> Double { log((1 + Double(texts)) / (1 + Double(having))) + 1 }

    func range(_ text: Int) -> Range<Int> { (text == 0 ? 0 : ends[text - 1])..<ends[text] }

    private mutating func scale(_ range: Range<Int>, _ idf: [Double]) {
        var square = 0.0
        for place in range {
            let weight = Double(weights[place]) * idf[Int(features[place])]
            square += weight * weight
        }
        let length = square.squareRoot()
        for place in range { weights[place] = Float(Double(weights[place]) * idf[Int(features[place])] / length) }
    }

    /// The cosine of the angle between two texts.
    func similarity(_ a: Int, _ b: Int) -> Double {
        var (i, j, sum) = (range(a), range(b), 0.0)
        var (x, y) = (i.lowerBound, j.lowerBound)
        (i, j) = (x..<i.upperBound, y..<j.upperBound)
        while x < i.upperBound, y < j.upperBound {
            if features[x] == features[y] {
                sum += Double(weights[x]) * Double(weights[y])
                x += 1
                y += 1
            } else if features[x] < features[y] {
                x += 1
            } else {
                y += 1
            }
        }
        return sum
    }
}

/// Counts features of one text at a time.
struct Tally {
    private var counts: [UInt32]
    private var touched: [UInt16] = []

    init(_ features: Int) { counts = Array(repeating: 0, count: features) }

    mutating func add(_ feature: UInt16) {
        if counts[Int(feature)] == 0 { touched.append(feature) }
        counts[Int(feature)] += 1
    }

    /// Gives each feature with its count, in order, and begins anew.
    mutating func drain(_ body: (UInt16, UInt32) -> Void) {
        touched.sort()
        for feature in touched {
            body(feature, counts[Int(feature)])
            counts[Int(feature)] = 0
        }
        touched.removeAll(keepingCapacity: true)
    }
}
