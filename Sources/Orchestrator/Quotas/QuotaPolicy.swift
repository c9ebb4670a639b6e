import Model

/// What operators set, and what follows from it for each node.
struct QuotaPolicy: Hashable, Sendable {
    /// Artifacts an hour of a node with a success rate of a half; 0: none is set.
    var base: UInt64 = 0
    var cluster: UInt64 = 0
    /// Numbers every decision about quotas.
    var revision: UInt64 = 0

    var isSet: Bool { base > 0 || cluster > 0 }

    /// base · 2 · success_rate, and never below a tenth of base.
    func quota(successRate: Double) -> UInt64 {
        max((base + 9) / 10, UInt64((Double(base) * 2 * successRate).rounded(.down)))
    }

    var packed: [UInt8] {
        var packed = Packed()
        for value in [base, cluster, revision] { packed.add(value) }
        return packed.bytes
    }

    init() {}

    init(packed bytes: [UInt8]) {
        var rest = Unpacked(bytes)
        base = rest.number()
        cluster = rest.number()
        revision = rest.number()
    }
}

/// What was decided for one node.
struct DecidedQuota: Hashable, Sendable {
    var quota: UInt64
    var revision: UInt64

    var packed: [UInt8] {
        var packed = Packed()
        packed.add(quota)
        packed.add(revision)
        return packed.bytes
    }

    init(quota: UInt64, revision: UInt64) {
        self.quota = quota
        self.revision = revision
    }

    init(packed bytes: [UInt8]) {
        var rest = Unpacked(bytes)
        quota = rest.number()
        revision = rest.number()
    }
}
