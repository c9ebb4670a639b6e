package import Model

/// How gently one host is to be collected from, by the whole fleet together.
package struct Politeness: Hashable, Sendable {
    /// Leases collecting from it at a time.
    package var concurrency: UInt32
    /// Between the starts of two of them.
    package var delay: Span
    /// Hosts whose names resolve to one address count as one. Not by itself: a large provider serves thousands of
    /// hosts that have nothing to do with each other from one address.
    package var sharesAddresses: Bool

    package init(
        concurrency: UInt32 = Limits.hostConcurrency, delay: Span = Limits.hostDelay, sharesAddresses: Bool = false
    ) {
        self.concurrency = concurrency
        self.delay = delay
        self.sharesAddresses = sharesAddresses
    }
}

/// One host as all its targets see it.
struct HostGate: Sendable {
    /// Where a queue of this host is.
    struct QueuePlace: Sendable {
        let workClass: Int
        let queue: Int
    }

    let name: String
    /// Whose gate its targets go through: its own number, or that of the first host that had its address. Everything
    /// below that counts or waits is the keeper's; a host that goes through another's gate has none of it.
    var keeper: Int
    /// The address that decided this; empty: none has yet. A later one changes nothing, so that a lease ends at the
    /// gate where it began.
    var address = ""
    /// The other hosts that go through this gate.
    var sharers: [Int] = []
    var collecting: UInt32 = 0
    /// Not before this moment may another lease start.
    var opens = Instant.zero
    /// Due targets of this host, over all classes.
    var waiting = 0
    var queues: [QueuePlace] = []
    /// What the host itself asks for between two requests.
    var asked = Span.zero
    /// The most that any of those asks for that go through this gate.
    var delay = Span.zero
    /// Why it is closed, where the host itself asked for it.
    var closedBy = ""
    /// How often its targets want to be collected.
    var demand: Int64 = 0
    /// Who was given one of its targets last: another one is preferred next.
    var lastNode: NodeNumber?

    init(name: String, number: Int) {
        self.name = name
        keeper = number
    }

    /// As operators see it: hosts that share it have the address in common.
    var title: String { sharers.isEmpty ? name : "address \(address)" }

    func isOpen(_ politeness: Politeness, now: Instant) -> Bool {
        collecting < politeness.concurrency && opens <= now
    }
}
