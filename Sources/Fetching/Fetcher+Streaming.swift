import CCurl
import Model
import Transport

/// Bodies too large to be held.
extension Fetcher {
    /// Returns with the header, and the body's first piece on its way. No redirect is followed.
    package func open(_ request: FetchRequest) async throws(FetchError) -> FetchedBody {
        guard let transfer = Transfer(request, to: request.location, within: request.maxTime, rules: rules) else {
            throw FetchError(.stopped, "could not fetch \(request.location): out of memory")
        }
        let stream = BodyStream()
        transfer.stream = stream
        let id = begin(transfer, stream)
        await changed(stream) { stream.hasBegun || stream.isEnded }
        if let failure = stream.failure {
            drop(id)
            throw failure
        }
        var redirect: Location?
        if let next = transfer.redirect { redirect = try Location(next) }
        return FetchedBody(
            status: transfer.status, headers: transfer.headers, location: request.location,
            resolvedAddress: transfer.resolvedAddress, redirect: redirect, id: id, fetcher: self)
    }

    func piece(of id: UInt64) async throws(FetchError) -> [UInt8] {
        guard let (transfer, stream) = streams[id] else { return [] }
        if stream.held.isEmpty, !stream.isEnded {
            if stream.isPaused {
                stream.isPaused = false
                curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
            }
            await changed(stream) { !stream.held.isEmpty || stream.isEnded }
        }
        if !stream.held.isEmpty { return stream.take() }
        drop(id)
        if let failure = stream.failure { throw failure }
        return []
    }

    /// Waits for the stream to change until it is as wanted. A cancelled task drops it, which is a change.
    private func changed(_ stream: BodyStream, until isReached: () -> Bool) async {
        let id = stream.id
        while !isReached() {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    stream.waiting = continuation
                    if Task.isCancelled { drop(id) }
                }
            } onCancel: {
                loop.execute { self.assumeIsolated { $0.drop(id) } }
            }
        }
    }
}

/// What has come of a body and was not taken yet.
final class BodyStream {
    static let most = 256 << 10  // bytes held

    var id: UInt64 = 0
    var held: [UInt8] = []
    var hasBegun = false
    var isPaused = false
    var isEnded = false
    var failure: FetchError?
    var waiting: CheckedContinuation<Void, Never>?

    func take() -> [UInt8] {
        defer { held = [] }
        return held
    }

    func wake() {
        let waiting = waiting
        self.waiting = nil
        waiting?.resume()
    }
}
