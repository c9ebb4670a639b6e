import Model
import Storage

/// That a node brought one content for one thing of a target.
struct Observation: Equatable {
    /// Of target and source, hashed.
    var key: UInt64
    var node: Int64
    var content: UInt64
    /// The artifact stored for it; 0: a sighting, which can bear witness but cannot be contradicted.
    var artifact: UInt64
    var at: Int64
    /// The number of the observation of this key before; 0: none.
    var previous: UInt64 = 0
}

/// An artifact against which others agree.
struct Contradiction: Equatable {
    var artifact: UInt64
    var node: Int64
    var witnesses: [Int64]
}

/// What nodes brought lately, by target: a ring, so that its size is fixed, with a chain through it per key.
struct Observations {
    private var ring: [Observation] = []
    /// Observations are numbered from 1; number n lies at place (n - 1) % size.
    private(set) var count: UInt64 = 0
    /// The newest of each key. Follows from the ring.
    private var newest: [UInt64: UInt64] = [:]
    private(set) var changedChunks: Set<Int> = []
    private let size: Int

    static let chunk = 64  // observations a row

    init(size: Int = Limits.observations) { self.size = size }

    /// Takes one more and tells which artifacts now stand against a majority.
    mutating func add(_ observation: Observation) -> [Contradiction] {
        var observation = observation
        observation.previous = newest[observation.key] ?? 0
        // Repeating itself must not push out what others saw.
        if observation.artifact == 0,
            recent(observation).dropFirst().contains(where: {
                $0.node == observation.node && $0.content == observation.content
            })
        {
            return []
        }
        count += 1
        let place = Int((count - 1) % UInt64(size))
        if place < ring.count {
            let old = ring[place]
            if newest[old.key] == count - UInt64(size) { newest[old.key] = nil }
            ring[place] = observation
        } else {
            ring.append(observation)
        }
        newest[observation.key] = count
        changedChunks.insert(place / Observations.chunk)
        return contradictions(recent(observation))
    }

    /// The observations of its key that lie in its window, newest first.
    private func recent(_ last: Observation) -> [Observation] {
        var found = [last]
        var number = last.previous
        while number > 0, number + UInt64(size) > count, found.count < Limits.observationsCompared {
            let earlier = ring[Int((number - 1) % UInt64(size))]
            guard last.at - earlier.at <= Limits.contradictionWindow else { break }
            found.append(earlier)
            number = earlier.previous
        }
        return found
    }

    /// An artifact is contradicted by two or more other nodes that share a content which its node did not bring, if
    /// they are more than those who brought its own.
    private func contradictions(_ recent: [Observation]) -> [Contradiction] {
        guard recent.count > 2 else { return [] }
        var nodes: [UInt64: [Int64]] = [:]
        for observation in recent where nodes[observation.content]?.contains(observation.node) != true {
            nodes[observation.content, default: []].append(observation.node)
        }
        let against = nodes.filter { $0.value.count >= 2 }.sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        guard !against.isEmpty else { return [] }
        return recent.reversed().compactMap { observation in
            guard observation.artifact != 0 else { return nil }
            let supporters = nodes[observation.content]?.count ?? 0
            guard
                let group = against.first(where: {
                    $0.key != observation.content && $0.value.count > supporters && !$0.value.contains(observation.node)
                })
            else { return nil }
            return Contradiction(
                artifact: observation.artifact, node: observation.node, witnesses: group.value.sorted())
        }
    }
}

// MARK: Stored form

extension Observations {
    func chunk(_ number: Int) -> [UInt8] {
        var state = StateWriter()
        let from = number * Observations.chunk
        for observation in ring[from..<min(ring.count, from + Observations.chunk)] {
            state.put(observation.key)
            state.put(observation.node)
            state.put(observation.content)
            state.put(observation.artifact)
            state.put(observation.at)
            state.put(observation.previous)
        }
        return state.bytes
    }

    /// Chunks must come in order, then the count.
    mutating func restore(chunk bytes: [UInt8]) throws(StorageError) {
        var state = StateReader(bytes)
        while !state.isAtEnd {
            ring.append(
                Observation(
                    key: try state.uint(), node: try state.signed(), content: try state.uint(),
                    artifact: try state.uint(), at: try state.signed(), previous: try state.uint()))
        }
    }

    mutating func restore(count: UInt64) {
        self.count = count
        guard count > 0 else { return }
        for number in (count - UInt64(ring.count) + 1)...count {
            newest[ring[Int((number - 1) % UInt64(size))].key] = number
        }
    }

    mutating func stored() { changedChunks = [] }
}
