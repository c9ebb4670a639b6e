extension SightingChange.Kind {
    /// Whether a sighting corroborates what it saw: one by another node than the one that brought it, or of the same
    /// content at another source. The one rule of receipts and of reputation, where a node does not judge its own
    /// besides.
    func corroborates(isOwn: Bool) -> Bool {
        switch self {
        case .exact, .normalised: !isOwn
        case .sameContent: true
        // It shows no content.
        case .unchanged: false
        }
    }
}
