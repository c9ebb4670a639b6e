import Model

/// Why a target went to a node: the figures at that moment.
struct AssignmentReason: Hashable, Sendable {
    var fence: Fence
    var priority: UInt8
    var waited: Span
    /// Thousandths.
    var usefulness: UInt64
    var collecting: UInt32
    var capacity: UInt32
    var isProbe: Bool
    /// The node that failed it last and was not chosen.
    var avoided: NodeNumber?

    var figures: [UInt64] {
        [
            fence.incarnation, fence.counter, UInt64(priority), waited.milliseconds, usefulness, UInt64(collecting),
            UInt64(capacity), isProbe ? 1 : 0, avoided.map { UInt64($0) + 1 } ?? 0,
        ]
    }

    init(
        fence: Fence, priority: UInt8, waited: Span, usefulness: Double, collecting: UInt32, capacity: UInt32,
        isProbe: Bool, avoided: NodeNumber?
    ) {
        self.fence = fence
        self.priority = priority
        self.waited = waited
        self.usefulness = UInt64((usefulness * 1_000).rounded())
        self.collecting = collecting
        self.capacity = capacity
        self.isProbe = isProbe
        self.avoided = avoided
    }

    init?(_ figures: [UInt64]) {
        guard figures.count >= 9 else { return nil }
        fence = Fence(incarnation: figures[0], counter: figures[1])
        priority = UInt8(clamping: figures[2])
        waited = .milliseconds(figures[3])
        usefulness = figures[4]
        collecting = UInt32(clamping: figures[5])
        capacity = UInt32(clamping: figures[6])
        isProbe = figures[7] != 0
        avoided = figures[8] == 0 ? nil : Int(clamping: figures[8] - 1)
    }

    func why(node: String, avoided: String?) -> String {
        var text = "due for \(waited.milliseconds) ms at priority \(priority); \(node) has usefulness "
        text += NodeHealth.shown(Double(usefulness) / 1_000) + " and load \(collecting) of \(capacity)"
        if isProbe { text += "; a probe, since it is degraded" }
        if let avoided { text += "; \(avoided) failed it last" }
        return text
    }

    var how: String { "lease \(fence.counter) under fence \(fence.incarnation).\(fence.counter)" }
}
