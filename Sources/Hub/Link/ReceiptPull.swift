/// How an orchestrator reads receipts, and ratings beside them, from a coordinator in another process: one question at
/// a time, and none before what the last one brought is on disk. Pure.
package struct ReceiptPull: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        /// Ask for what comes after this position, and for ratings after this change of them; `waits`: the answer may
        /// be waited for.
        case read(after: UInt64, ratings: UInt64 = 0, number: UInt64, waits: Bool)
        case tellAway
        case tellBack
        /// This connection is of no more use.
        case reconnect
    }

    private enum Link: Equatable {
        case closed  // to asking, when connected
        case asking(UInt64)  // to storing or asking, by the answer; to closed, by a failure or a loss
        case storing(through: UInt64)  // to asking, once that is on disk
    }

    private var link = Link.closed
    private var position: UInt64
    /// The change of ratings up to which they are known here; the coordinator counts anew with each start.
    private var ratings: UInt64 = 0
    private var lastQuestion: UInt64 = 0
    private var isThere = false

    /// The coordinator is away until it has answered.
    package init(position: UInt64) { self.position = position }

    /// Back to what is on disk: with a new connection, or an orchestrator that was built anew from it.
    package mutating func restarted(at position: UInt64) -> [Action] {
        self.position = position
        ratings = 0
        return link == .closed ? [] : [ask(waits: true)]
    }

    /// The first answer comes at once: it says that the coordinator is there.
    package mutating func connected() -> [Action] {
        ratings = 0
        return [ask(waits: false)]
    }

    package mutating func disconnected() -> [Action] {
        link = .closed
        return leave()
    }

    /// `last` is the position of the last page, `ratings` the change that the last rating came with; nil: none came.
    package mutating func answered(_ number: UInt64, last: UInt64?, ratings: UInt64? = nil) -> [Action] {
        guard link == .asking(number) else { return [] }
        self.ratings = ratings ?? self.ratings
        let arrival: [Action] = isThere ? [] : [.tellBack]
        isThere = true
        guard let last, last > position else { return arrival + [ask(waits: true)] }
        link = .storing(through: last)
        return arrival
    }

    /// No answer, or one that is none.
    package mutating func failed(_ number: UInt64) -> [Action] {
        guard link == .asking(number) else { return [] }
        link = .closed
        return leave() + [.reconnect]
    }

    package mutating func stored(_ position: UInt64) -> [Action] {
        self.position = max(self.position, position)
        guard case .storing(let last) = link, self.position >= last else { return [] }
        return [ask(waits: true)]
    }

    private mutating func ask(waits: Bool) -> Action {
        lastQuestion += 1
        link = .asking(lastQuestion)
        return .read(after: position, ratings: ratings, number: lastQuestion, waits: waits)
    }

    private mutating func leave() -> [Action] {
        guard isThere else { return [] }
        isThere = false
        return [.tellAway]
    }
}
