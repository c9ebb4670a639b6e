import Model

/// What is to happen, by virtual time; what falls on one moment comes in an order that the seed decides.
struct EventQueue {
    /// Plain numbers: the heap moves them about without counting references.
    private struct Event {
        var at: Instant
        var tie: UInt64
        var number: UInt64
        var slot: Int

        static func < (a: Event, b: Event) -> Bool {
            if a.at != b.at { return a.at < b.at }
            return a.tie != b.tie ? a.tie < b.tie : a.number < b.number
        }
    }

    private var heap: [Event] = []
    private var actions: [(() -> Void)?] = []
    private var free: [Int] = []
    private var pushed: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }
    var next: Instant? { heap.first?.at }

    mutating func push(at instant: Instant, tie: UInt64, _ action: @escaping () -> Void) {
        pushed += 1
        let slot = free.popLast() ?? actions.count
        if slot == actions.count { actions.append(action) } else { actions[slot] = action }
        heap.append(Event(at: instant, tie: tie, number: pushed, slot: slot))
        var place = heap.count - 1
        while place > 0, heap[place] < heap[(place - 1) / 2] {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func pop() -> (at: Instant, action: () -> Void)? {
        guard let first = heap.first, let action = actions[first.slot] else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        actions[first.slot] = nil
        free.append(first.slot)
        return (first.at, action)
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2) where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
