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
    /// What its name was resolved to last; empty: nobody has said.
    var address = ""

    /// True when there is something new to remember.
    mutating func learn(_ report: Proto.HostReport, at now: WallTime) -> Bool {
        let before = self
        if !report.address.isEmpty, report.address.utf8.count <= Limits.maxHostName { address = report.address }
        if report.crawlDelayMs > 0 {
            delay = min(.milliseconds(UInt64(report.crawlDelayMs)), Limits.longestCrawlDelay)
        }
        let isBusy = report.status == 429 || report.status == 503
        guard isBusy || report.retryAfterMs > 0 else { return self != before }
        let asked = report.retryAfterMs > 0 ? Span.milliseconds(UInt64(report.retryAfterMs)) : Limits.busyHostRest
        let length = min(asked, Limits.longestHostClosure)
        if now + length > closedUntil {
            closedUntil = now + length
            closedFor = length
            let answer = report.status == 0 ? "asked" : "answered \(report.status) and asked"
            why = report.retryAfterMs > 0 ? "\(name) \(answer) to be left alone" : "\(name) answered \(report.status)"
        }
        return self != before
    }

    /// Many outcomes say nothing of a host.
    static func isTold(by outcome: Proto.LeaseOutcome) -> Bool {
        outcome.crawlDelayMs > 0 || outcome.retryAfterMs > 0 || outcome.status == 429 || outcome.status == 503
            || !outcome.address.isEmpty || !outcome.hosts.isEmpty
    }

    var packed: [UInt8] {
        var packed = Packed()
        packed.add(name)
        packed.add(delay.milliseconds)
        packed.add(closedUntil.milliseconds)
        packed.add(closedFor.milliseconds)
        packed.add(why)
        packed.add(address)
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
        address = rest.text()
    }
}

extension OrchestratorCore {
    /// Only what comes under a running lease counts.
    func learn(_ outcome: Proto.LeaseOutcome, about ref: LeaseRef, from node: NodeNumber) {
        guard HostMemory.isTold(by: outcome), let lease = current(ref, of: node) else { return }
        let name = assigner.host(of: targets[lease.target].place)
        let own = Location.host(of: targets[lease.target].location)
        for var report in outcome.hosts.prefix(Limits.hostsReported) {
            if report.host.contains(":") { report.host = "[\(report.host)]" }
            // The targets of a host may be kept together with others' under another name.
            if report.host == own { report.host = name }
            learn(report)
        }
        guard !name.isEmpty, !outcome.hosts.contains(where: { $0.host == own || "[\($0.host)]" == own }) else { return }
        learn(
            Proto.HostReport(
                host: name, status: outcome.status, retryAfterMs: outcome.retryAfterMs,
                crawlDelayMs: outcome.crawlDelayMs,
                // The address is the last host's: with others around, that need not be this one.
                address: outcome.hosts.isEmpty ? outcome.address : ""))
    }

    private func learn(_ report: Proto.HostReport) {
        let name = report.host
        let number = hostNumbers[name]
        guard !name.isEmpty, name.utf8.count <= Limits.maxHostName else { return }
        // Addresses alone never take the room of what hosts ask for.
        let asks = report.crawlDelayMs > 0 || report.retryAfterMs > 0 || report.status > 0
        let room = asks ? Limits.hostsRemembered : Limits.hostsRemembered / 2
        guard number != nil || hostMemories.count < room else { return }
        var memory = number.map { hostMemories[$0] } ?? HostMemory(name: name)
        guard memory.learn(report, at: time) else { return }
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
        // What an operator has put together under a name of its own has no address.
        let isTagged = memory.name.hasPrefix(OrchestratorCore.tagged)
        if configuration.politeness.sharesAddresses, !memory.address.isEmpty, !isTagged {
            assigner.resolve(memory.name, to: memory.address, now: now)
        }
        guard memory.delay > .zero || memory.closedFor > .zero else { return }
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
        return details?.spec.labels[politenessLabel].map { tagged + $0 } ?? host
    }

    static let politenessLabel = "politeness"
    /// Begins the name under which targets with such a tag are kept together; no host's name has a space.
    private static let tagged = "group "
}
