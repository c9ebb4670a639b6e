package import Model

/// How gently one host is to be collected from, by the whole fleet together.
package struct Politeness: Hashable, Sendable {
    /// Leases collecting from it at a time.
    package var concurrency: UInt32
    /// Between the starts of two of them.
    package var delay: Span

    package init(concurrency: UInt32 = Limits.hostConcurrency, delay: Span = Limits.hostDelay) {
        self.concurrency = concurrency
        self.delay = delay
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
    var collecting: UInt32 = 0
    /// Not before this moment may another lease start.
    var opens = Instant.zero
    /// Due targets of this host, over all classes.
    var waiting = 0
    var queues: [QueuePlace] = []
    /// What the host asks for between two requests, where that is more than ours.
    var delay: Span?
    /// Why it is closed, where the host itself asked for it.
    var closedBy = ""
    /// How often its targets want to be collected.
    var demand: Int64 = 0
    /// Who was given one of its targets last: another one is preferred next.
    var lastNode: NodeNumber?

    func isOpen(_ politeness: Politeness, now: Instant) -> Bool {
        collecting < politeness.concurrency && opens <= now
    }
}
