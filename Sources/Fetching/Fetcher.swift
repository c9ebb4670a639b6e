import CCurl
package import Model
package import Transport

/// Fetches over HTTP and HTTPS on one event loop. Every connection it makes or reuses is judged by its rules.
///
/// Names are resolved by libcurl, which starts a short-lived thread for each; there are no other threads.
package actor Fetcher {
    package nonisolated let loop: EventLoop
    package nonisolated let rules: AddressRules
    private let time: any TimeSource
    private let multi: CurlMulti
    private var watches: [Int32: FileWatch] = [:]
    private var timer: LoopTimer?
    private var transfers: [UInt64: (transfer: Transfer, waiting: CheckedContinuation<UInt32, Never>)] = [:]
    private var numbers: [ObjectIdentifier: UInt64] = [:]
    var streams: [UInt64: (Transfer, BodyStream)] = [:]
    private var lastTransfer: UInt64 = 0
    private var isClosed = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package init(on loop: EventLoop, rules: AddressRules, time: any TimeSource) throws(FetchError) {
        guard let multi = CurlMulti() else { throw FetchError(.stopped, "libcurl cannot start: out of memory") }
        self.loop = loop
        self.rules = rules
        self.time = time
        self.multi = multi
    }

    /// Ends what is under way. Must be called before the loop stops.
    package func close() {
        isClosed = true
        for id in transfers.keys { stop(id) }
        for id in streams.keys { drop(id) }
        multi.watch = { _, _ in }
        multi.arm = { _ in }
        watches = [:]
        timer = nil
    }

    /// One GET, with its redirects. Cancelling the task ends it.
    package func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        let deadline = time.now() + request.maxTime
        var location = request.location
        for hop in 0...request.maxRedirects {
            let left = deadline.since(time.now())
            guard !isClosed, left > .zero else {
                throw FetchError(.timedOut, "could not fetch \(location): its time ran out")
            }
            guard let transfer = Transfer(request, to: location, within: left, rules: rules) else {
                throw FetchError(.stopped, "could not fetch \(location): out of memory")
            }
            if let error = transfer.error(CURLcode(await run(transfer))) { throw error }
            guard let next = transfer.redirect else { return response(transfer, redirects: hop) }
            location = try Location(next)
            if request.returnsRedirects {
                var answer = response(transfer, redirects: hop)
                answer.redirect = location
                return answer
            }
        }
        throw FetchError(
            .tooManyRedirects, "could not fetch \(request.location): more than \(request.maxRedirects) redirects")
    }

    private func response(_ transfer: Transfer, redirects: Int) -> FetchResponse {
        FetchResponse(
            status: transfer.status, headers: transfer.headers, body: transfer.takeBody(), location: transfer.location,
            resolvedAddress: transfer.resolvedAddress, redirects: redirects)
    }

    // MARK: Transfers

    private func run(_ transfer: Transfer) async -> UInt32 {
        lastTransfer += 1
        let id = lastTransfer
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: Fetcher.stopped) }
                drive()
                transfers[id] = (transfer, continuation)
                numbers[ObjectIdentifier(transfer)] = id
                multi.start(transfer)
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.stop(id) } }
        }
    }

    func begin(_ transfer: Transfer, _ stream: BodyStream) -> UInt64 {
        lastTransfer += 1
        let id = lastTransfer
        stream.id = id
        guard !isClosed else {
            stream.isEnded = true
            stream.failure = FetchError(.stopped, "could not fetch \(transfer.location): the node is stopping")
            return id
        }
        drive()
        streams[id] = (transfer, stream)
        numbers[ObjectIdentifier(transfer)] = id
        multi.start(transfer)
        return id
    }

    func drop(_ id: UInt64) {
        guard let (transfer, stream) = streams.removeValue(forKey: id) else { return }
        numbers[ObjectIdentifier(transfer)] = nil
        multi.stop(transfer)
        if !stream.isEnded {
            stream.isEnded = true
            stream.failure = FetchError(.stopped, "could not fetch \(transfer.location): it was stopped")
        }
        stream.wake()
    }

    private static let stopped = CURLE_ABORTED_BY_CALLBACK.rawValue

    private func stop(_ id: UInt64) {
        guard let stopped = transfers.removeValue(forKey: id) else { return }
        numbers[ObjectIdentifier(stopped.transfer)] = nil
        multi.stop(stopped.transfer)
        stopped.waiting.resume(returning: Fetcher.stopped)
    }

    private func finish(_ ended: [(Transfer, CURLcode)]) {
        for (transfer, code) in ended {
            guard let id = numbers.removeValue(forKey: ObjectIdentifier(transfer)) else { continue }
            transfers.removeValue(forKey: id)?.waiting.resume(returning: code.rawValue)
            guard let (_, stream) = streams[id] else { continue }
            stream.isEnded = true
            stream.failure = transfer.error(code)
            stream.wake()
        }
    }

    // MARK: What libcurl waits for

    /// Ties libcurl to the loop, which can only be done on the loop.
    private func drive() {
        guard timer == nil else { return }
        timer = loop.timer { [weak self] in
            self?.assumeIsolated { fetcher in fetcher.finish(fetcher.multi.timerFired()) }
        }
        multi.arm = { [weak self] span in
            self?.assumeIsolated { if let span { $0.timer?.arm(after: span) } else { $0.timer?.cancel() } }
        }
        multi.watch = { [weak self] descriptor, interest in
            self?.assumeIsolated { $0.watch(descriptor, interest) }
        }
    }

    private func watch(_ descriptor: Int32, _ interest: Interest) {
        guard !interest.isEmpty else {
            watches.removeValue(forKey: descriptor)?.cancel()
            return
        }
        if let watch = watches[descriptor] { return watch.update(interest) }
        watches[descriptor] = loop.watch(descriptor, interest) { [weak self] ready in
            self?.assumeIsolated { fetcher in fetcher.finish(fetcher.multi.ready(descriptor, ready)) }
        }
    }
}
