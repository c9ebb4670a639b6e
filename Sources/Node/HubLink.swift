import Model
import Transport

/// One of a node's connections: its client, and when the next one is made after it was left.
struct HubLink {
    var client: Client?
    /// Numbers the clients; what an older one still says is not heard.
    var number = 0
    var reconnect: (at: Instant, since: Instant)?
    var backoff = Backoff(base: Limits.reconnectBase, cap: Limits.reconnectCap)

    /// When it is to be made again; nil while it is there.
    var due: Instant? { client == nil ? reconnect?.at : nil }

    /// Leaves it, to be made again after a while.
    mutating func leave(_ retryAfter: Span, now: Instant, _ random: inout some RandomSource) -> Client? {
        if let reconnect, now.since(reconnect.since) > Limits.reconnectCap * 2 { backoff.reset() }
        reconnect = (now + max(retryAfter, backoff.next(&random)), now)
        defer { client = nil }
        return client
    }
}
