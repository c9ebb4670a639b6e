package import Model

/// Why a batch may not come in now, and what would be accepted.
package struct QuotaRefusal: Equatable, Sendable {
    package var reason: String
    /// Artifacts that would fit.
    package var room: UInt64
    package var retryAfter: Span
    package var suggestions: [String]
}

/// Quotas and what has come of them in the last hour. A group of batches counts on a copy, which takes the place of the
/// original when the group is on disk.
struct QuotaBook: Sendable {
    private var base: UInt64 = 0
    private var cluster: UInt64 = 0
    private(set) var revision: UInt64 = 0
    private var quotas: [String: QuotaOrder.Node] = [:]
    private var hours: [String: SlidingHour] = [:]
    private var rejections: [String: SlidingHour] = [:]
    /// Whose slots have changed since they were stored.
    private(set) var touched: Set<String> = []

    /// The cluster's own slots are kept under no node's name.
    static let whole = ""

    /// Without a quota nothing is counted, and nothing costs anything.
    var isSet: Bool { base > 0 || cluster > 0 }

    mutating func take(_ order: QuotaOrder) {
        if order.revision >= revision {
            base = order.base
            cluster = order.cluster
            revision = order.revision
        }
        for node in order.nodes where node.revision >= quotas[node.name]?.revision ?? 0 { quotas[node.name] = node }
        if base == 0 { quotas = [:] }
        if !isSet {
            hours = [:]
            rejections = [:]
            touched = []
        }
    }

    /// Whatever is ordered next counts; until then what was ordered last stands.
    mutating func forgetRevisions() {
        revision = 0
        for name in quotas.keys { quotas[name]?.revision = 0 }
    }

    func quota(of node: String) -> UInt64? { base == 0 ? nil : quotas[node]?.quota ?? base }

    /// Counts these artifacts, or says why not and counts nothing but the refusal.
    mutating func admit(_ count: Int, from node: String, now: WallTime) -> QuotaRefusal? {
        guard count > 0 else { return nil }
        var own = hours[node] ?? SlidingHour()
        var all = hours[QuotaBook.whole] ?? SlidingHour()
        own.advance(to: now)
        all.advance(to: now)
        let limits = [
            quota(of: node).map { (name: "the quota of \(node)", quota: $0, hour: own) },
            cluster == 0 ? nil : (name: "the cluster's quota", quota: cluster, hour: all),
        ].compactMap(\.self)
        let room = limits.map { $0.hour.room(under: $0.quota) }.min() ?? .max
        if let full = limits.first(where: { $0.hour.room(under: $0.quota) < UInt64(count) }) {
            let tightest = limits.min { $0.hour.room(under: $0.quota) < $1.hour.room(under: $1.quota) } ?? full
            return refuse(
                node, now, room: room, wait: tightest.hour.wait(under: tightest.quota, now: now),
                "\(tightest.name) is \(tightest.quota) artifacts an hour; \(count) more exceed it by "
                    + "\(UInt64(count) - room)")
        }
        own.add(count)
        all.add(count)
        hours[node] = own
        hours[QuotaBook.whole] = all
        touched.formUnion([node, QuotaBook.whole])
        return nil
    }

    private mutating func refuse(
        _ node: String, _ now: WallTime, room: UInt64, wait: Span, _ reason: String
    ) -> QuotaRefusal {
        var refused = rejections[node] ?? SlidingHour()
        refused.advance(to: now)
        refused.add(1)
        rejections[node] = refused
        var suggestions = ["prefer higher-priority targets"]
        if refused.sum > Limits.rejectionsUntilAdvice { suggestions.append("reduce collection frequency") }
        // With room for some of it, a smaller batch may come at once.
        return QuotaRefusal(
            reason: reason, room: room, retryAfter: room > 0 ? .milliseconds(1) : wait, suggestions: suggestions)
    }

    // MARK: Rows

    /// The slots that have changed, by name.
    var changedSlots: [(name: String, packed: [UInt8])] {
        touched.sorted().compactMap { name in hours[name].map { (name, $0.packed) } }
    }

    mutating func stored() { touched = [] }

    mutating func restore(slots packed: [UInt8], of name: String) {
        if let hour = SlidingHour(packed: packed) { hours[name] = hour }
    }

    /// All of it, as it is stored: a line for the cluster, then one a node.
    var text: String {
        let nodes = quotas.values.sorted { $0.name < $1.name }.map { "\($0.name) \($0.quota) \($0.revision)" }
        return (["\(base) \(cluster) \(revision)"] + nodes).joined(separator: "\n")
    }

    /// Nil when the text makes no sense.
    static func order(_ text: String) -> QuotaOrder? {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        guard let first = lines.first, first.count == 3, let base = UInt64(first[0]), let cluster = UInt64(first[1]),
            let revision = UInt64(first[2])
        else { return nil }
        var order = QuotaOrder(base: base, cluster: cluster, revision: revision)
        for line in lines.dropFirst() {
            guard line.count == 3, let quota = UInt64(line[1]), let revision = UInt64(line[2]) else { return nil }
            order.nodes.append(QuotaOrder.Node(name: String(line[0]), quota: quota, revision: revision))
        }
        return order
    }
}
