import Model

/// One artifact among its node's candidates.
package struct Candidate: Comparable, Hashable, Sendable {
    /// log2(base) + time / 24 h: all priorities decay alike, so the order never changes.
    package var key: Double
    package var artifact: UInt64

    package static func < (a: Candidate, b: Candidate) -> Bool {
        a.key != b.key ? a.key < b.key : a.artifact < b.artifact
    }
}

/// The best of many candidates: a heap with the least on top, so that a better one takes its place.
package struct CandidateList {
    package private(set) var heap: [Candidate] = []
    private let limit: Int

    package init(limit: Int = Limits.candidatesPerNode) { self.limit = limit }

    package var isFull: Bool { heap.count >= limit }
    package var least: Candidate? { heap.first }

    /// Returns what does not fit: the least of all, perhaps the new one itself.
    package mutating func insert(_ candidate: Candidate) -> Candidate? {
        guard isFull else {
            heap.append(candidate)
            rise(heap.count - 1)
            return nil
        }
        guard let least, candidate > least else { return candidate }
        heap[0] = candidate
        sink(0)
        return least
    }

    /// Looks through the list: it is done once for each artifact that is fed.
    package mutating func remove(_ artifact: UInt64) -> Bool {
        guard let place = heap.firstIndex(where: { $0.artifact == artifact }) else { return false }
        remove(at: place)
        return true
    }

    /// An artifact that has had several versions may be listed more than once.
    package mutating func remove(_ candidate: Candidate) -> Bool {
        guard let place = heap.firstIndex(of: candidate) else { return false }
        remove(at: place)
        return true
    }

    private mutating func remove(at place: Int) {
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        rise(place)
        sink(place)
    }

    /// Offers every candidate, its key shifted, to another list. The better ones lie at the end: taken first, they
    /// spare most of the others the way into the heap.
    func offer(to best: inout CandidateList, shift: Double) {
        heap.withUnsafeBufferPointer { heap in
            for candidate in heap.reversed() {
                let shifted = Candidate(key: candidate.key + shift, artifact: candidate.artifact)
                if best.isFull, let least = best.least, shifted < least { continue }
                _ = best.insert(shifted)
            }
        }
    }

    /// Gives every candidate that, its key shifted, is not below `least`: as it is, and shifted.
    func each(from least: Candidate, shift: Double, _ body: (Candidate, Candidate) -> Void) {
        heap.withUnsafeBufferPointer { heap in
            for candidate in heap {
                let shifted = Candidate(key: candidate.key + shift, artifact: candidate.artifact)
                if shifted >= least { body(candidate, shifted) }
            }
        }
    }

    private mutating func rise(_ from: Int) {
        var place = from
        while place > 0, heap[place] < heap[(place - 1) / 2] {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink(_ from: Int) {
        var place = from
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2) where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
