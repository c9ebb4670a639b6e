/// A body that is taken piece by piece: while nobody takes, the sender waits.
package struct FetchedBody: Sendable {
    package let status: Int
    package let headers: FetchHeaders
    package let location: Location
    package let resolvedAddress: String
    /// Where a 3xx answer points.
    package let redirect: Location?
    let id: UInt64
    let fetcher: Fetcher

    /// The next piece; empty at the end.
    package func next() async throws(FetchError) -> [UInt8] { try await fetcher.piece(of: id) }

    /// Must be called, unless the end was reached.
    package func close() async { await fetcher.drop(id) }
}
