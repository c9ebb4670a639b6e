/// Why something could not be fetched, in words for the operator.
package struct FetchError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case badLocation
        case addressRefused
        case contactMissing
        case nameNotResolved
        case notConnected
        case timedOut
        case tooLarge
        case tooManyRedirects
        case tls
        case brokenAnswer
        case stopped
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
