import Model

/// Spherical mini-batch k-means: centres of length 1, a text belongs to the centre of the smallest angle, batches draw
/// the centres to where they settle, and whole passes over all texts end it. The same texts and seed give the same.
struct Clusters {
    private static let lanes = 16
    private static let batch = 1_024
    private static let batches = 60
    private static let passes = 4
    static let noCluster = UInt8.max

    private let vectors: TermVectors
    private let features: Int
    private let wanted: Int
    /// For each feature, each centre's weight in a lane of its own.
    private var centres: [SIMD16<Float>]
    private var sums: [SIMD16<Float>]
    private var random: SeededRandom
    /// For each text the cluster it is in; `noCluster` for a text that shares no term with any.
    private(set) var members: [UInt8]
    private let usable: [Int]

    /// Nil when `goesOn` said no. It is asked between two steps.
    init?(
        _ vectors: TermVectors, features: Int, count: Int = Limits.patternCount, seed: UInt64,
        goesOn: () -> Bool
    ) {
        precondition(count <= Clusters.lanes, "a lane for each cluster")
        self.vectors = vectors
        self.features = features
        wanted = count
        centres = Array(repeating: .zero, count: features)
        sums = centres
        random = SeededRandom(seed: seed)
        members = Array(repeating: Clusters.noCluster, count: vectors.count)
        usable = (0..<vectors.count).filter { !vectors.range($0).isEmpty }
        guard !usable.isEmpty else { return }
        begin()
        for _ in 0..<Clusters.batches {
            guard goesOn() else { return nil }
            learn((0..<min(Clusters.batch, usable.count)).map { _ in draw() })
        }
        for _ in 0..<Clusters.passes {
            guard goesOn() else { return nil }
            sums = Array(repeating: .zero, count: features)
            learn(usable)
        }
        for text in usable {
            let (cluster, similarity) = nearest(text)
            if similarity > 0 { members[text] = UInt8(cluster) }
        }
    }

    private mutating func draw() -> Int { random.oneOf(usable) }

    /// First centres far from each other: each next text is drawn by its distance from those there are.
    private mutating func begin() {
        let pool = (0..<min(2_048, usable.count)).map { _ in draw() }
        var distance = [Float](repeating: 1, count: pool.count)
        for cluster in 0..<wanted {
            let total = distance.reduce(0, +)
            var mark = total * Float(random.below(1 << 24)) / Float(1 << 24)
            let place = distance.firstIndex { weight in
                mark -= weight
                return mark < 0
            }
            let text = pool[place ?? 0]
            for at in vectors.range(text) { centres[Int(vectors.features[at])][cluster] = vectors.weights[at] }
            for index in pool.indices {
                distance[index] = max(0, min(distance[index], 1 - similarities(pool[index])[cluster]))
            }
        }
    }

    private func similarities(_ text: Int) -> SIMD16<Float> {
        var sum = SIMD16<Float>.zero
        vectors.features.withUnsafeBufferPointer { features in
            vectors.weights.withUnsafeBufferPointer { weights in
                centres.withUnsafeBufferPointer { centres in
                    for at in vectors.range(text) { sum += centres[Int(features[at])] * weights[at] }
                }
            }
        }
        return sum
    }

    private func nearest(_ text: Int) -> (cluster: Int, similarity: Float) {
        let all = similarities(text)
        var best = 0
        for cluster in 1..<wanted where all[cluster] > all[best] { best = cluster }
        return (best, all[best])
    }

    /// Adds each text to the sum of its nearest centre, then makes the sums the centres. Sums over all batches so far
    /// are what a learning rate of one over a centre's texts comes to. A centre that nothing is near takes the place
    /// of the text that is least near to any.
    private mutating func learn(_ texts: [Int]) {
        var farthest: (text: Int, similarity: Float)?
        for text in texts {
            let (cluster, similarity) = nearest(text)
            if similarity < farthest?.similarity ?? .infinity { farthest = (text, similarity) }
            for at in vectors.range(text) { sums[Int(vectors.features[at])][cluster] += vectors.weights[at] }
        }
        var squares = SIMD16<Float>.zero
        for sum in sums { squares += sum * sum }
        if let farthest, farthest.similarity < 0.999,
            let empty = (0..<wanted).first(where: { squares[$0] == 0 })
        {
            for at in vectors.range(farthest.text) { sums[Int(vectors.features[at])][empty] = vectors.weights[at] }
            squares[empty] = 1
        }
        var lengths = squares.squareRoot()
        for lane in 0..<Clusters.lanes where lengths[lane] == 0 { lengths[lane] = 1 }
        for feature in 0..<features { centres[feature] = sums[feature] / lengths }
    }
}
