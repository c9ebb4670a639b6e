import Model
import Wire

/// What a host asks for, as nodes have reported it: kept for the whole fleet, and over restarts.
struct HostMemory: Hashable, Sendable {
    var name: String
    /// Between two requests.
    var delay = Span.zero
    /// It wants to be left alone until then.
    var closedUntil = WallTime(milliseconds: 0)
    /// How long that was when it was asked for.
    var closedFor = Span.zero
    var why = ""

    /// True when there is something new to remember.
    mutating func learn(_ outcome: Proto.LeaseOutcome, at now: WallTime) -> Bool {
        let before = self
        if outcome.crawlDelayMs > 0 {
            delay = min(.milliseconds(UInt64(outcome.crawlDelayMs)), Limits.longestCrawlDelay)
        }
        let isBusy = outcome.status == 429 || outcome.status == 503
        guard isBusy || outcome.retryAfterMs > 0 else { return self != before }
        let asked = outcome.retryAfterMs > 0 ? Span.milliseconds(UInt64(outcome.retryAfterMs)) : Limits.busyHostRest
        let length = min(asked, Limits.longestHostClosure)
        if now + length > closedUntil {
            closedUntil = now + length
            closedFor = length
            let answer = outcome.status == 0 ? "asked" : "answered \(outcome.status) and asked"
            why = outcome.retryAfterMs > 0 ? "\(name) \(answer) to be left alone" : "\(name) answered \(outcome.status)"
        }
        return self != before
    }

    /// Most outcomes say nothing of their host.
    static func isTold(by outcome: Proto.LeaseOutcome) -> Bool {
        outcome.crawlDelayMs > 0 || outcome.retryAfterMs > 0 || outcome.status == 429 || outcome.status == 503
    }

    var packed: [UInt8] {
        var packed = Packed()
        packed.add(name)
        packed.add(delay.milliseconds)
        packed.add(closedUntil.milliseconds)
        packed.add(closedFor.milliseconds)
        packed.add(why)
        return packed.bytes
    }

    init(name: String) { self.name = name }

    init(packed bytes: [UInt8]) {
        var rest = Unpacked(bytes)
        name = rest.text()
        delay = .milliseconds(rest.number())
        closedUntil = WallTime(milliseconds: Int64(bitPattern: rest.number()))
        closedFor = .milliseconds(rest.number())
        why = rest.text()
    }
}

extension OrchestratorCore {
    /// Only what comes under a running lease counts.
    func learn(_ outcome: Proto.LeaseOutcome, about ref: LeaseRef, from node: NodeNumber) {
        guard HostMemory.isTold(by: outcome), let lease = current(ref, of: node) else { return }
        let name = assigner.host(of: targets[lease.target].place)
        guard !name.isEmpty else { return }
        let number = hostNumbers[name]
        var memory = number.map { hostMemories[$0] } ?? HostMemory(name: name)
        guard memory.learn(outcome, at: time) else { return }
        if let number {
            hostMemories[number] = memory
        } else {
            hostNumbers[name] = hostMemories.count
            hostMemories.append(memory)
        }
        record(RecordKey(.host, hostNumbers[name] ?? 0), memory.packed)
        obey(memory)
    }

    private func obey(_ memory: HostMemory) {
        assigner.setHost(
            memory.name, delay: memory.delay, closedUntil: clock.instant(of: memory.closedUntil), memory.why, now: now)
    }

    /// A wait is never longer than it was when it was asked for, whatever the wall clock did meanwhile.
    func restoreHosts(_ rows: [[UInt8]]) {
        for row in rows {
            var memory = HostMemory(packed: row)
            memory.closedUntil = min(memory.closedUntil, time + memory.closedFor)
            hostNumbers[memory.name] = hostMemories.count
            hostMemories.append(memory)
            obey(memory)
        }
    }

    /// The targets whose politeness is shared: those of one host, or those that an operator has given the same tag.
    static func gate(of location: String, _ details: TargetDetails?) -> String? {
        guard let host = Location.host(of: location) else { return nil }
        return details?.spec.labels[politenessLabel].map { "group \($0)" } ?? host
    }

    static let politenessLabel = "politeness"
}
