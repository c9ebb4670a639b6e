import CEvent
import Glibc
import Lifecycle
import Model

/// Makes one connection without blocking its loop: resolves the name, then tries each of its addresses in turn until
/// one answers or time is out. Dropping it gives up. Loop-confined.
final class Connector {
    typealias Completion = (Result<Socket, ConnectError>) -> Void

    private enum State {
        case idle  // to resolving, or at once to connecting
        case resolving  // to connecting, or done
        case connecting(Socket, rest: ArraySlice<Endpoint>)  // to the next address, or done
        case done
    }

    private let loop: EventLoop
    private let address: SocketAddress
    private let timeout: Span
    private var state = State.idle
    private var completion: Completion?
    private var watch: FileWatch?
    private var timer: LoopTimer?

    init(_ address: SocketAddress, on loop: EventLoop, timeout: Span, _ completion: @escaping Completion) {
        self.address = address
        self.loop = loop
        self.timeout = timeout
        self.completion = completion
    }

    // The descriptor must leave the loop before it is closed.
    deinit { watch = nil }

    func start() {
        guard case .idle = state else { return }
        timer = loop.schedule(after: timeout) { [weak self] in self?.giveUp() }
        if let endpoints = try? address.resolve(numericOnly: true) {
            return tryNext(endpoints[...], last: nil)
        }
        state = .resolving
        resolveAside()
    }

    /// The system's resolver blocks and cannot be interrupted, so each lookup has a thread of its own that nobody waits
    /// for; names are looked up once a connection attempt, numeric addresses never.
    private func resolveAside() {
        let reply = LoopConfined(self)
        do throws(ThreadError) {
            let thread = try NativeThread(name: "resolver") { [loop, address] in
                let result = Result { () throws(ResolveError) in try address.resolve() }
                loop.execute { reply.value?.resolved(result) }
            }
            thread.detach()
        } catch {
            finish(.failure(.failed(address, SystemError(call: "pthread_create", code: error.code))))
        }
    }

    private func resolved(_ result: Result<[Endpoint], ResolveError>) {
        guard case .resolving = state else { return }
        switch result {
        case .success(let endpoints): tryNext(endpoints[...], last: nil)
        case .failure(let error): finish(.failure(.unresolved(address, reason: error.reason)))
        }
    }

    private func tryNext(_ endpoints: ArraySlice<Endpoint>, last: SystemError?) {
        watch = nil
        guard let endpoint = endpoints.first else {
            let error = last.map { ConnectError(address, $0) } ?? .unresolved(address, reason: "no address")
            return finish(.failure(error))
        }
        do throws(SystemError) {
            let socket = try Socket(family: endpoint.family)
            state = .connecting(socket, rest: endpoints.dropFirst())
            do throws(SystemError) {
                try socket.check("connect") { fd in endpoint.withAddress { connect(fd, $0, $1) } }
                finish(.success(socket))
            } catch {
                guard error.code == EINPROGRESS else { throw error }
                watch = loop.watch(socket.descriptor, .write) { [weak self] _ in self?.answered() }
            }
        } catch {
            tryNext(endpoints.dropFirst(), last: error)
        }
    }

    private func answered() {
        guard case .connecting(let socket, let rest) = state else { return }
        watch = nil
        let code = socket.pendingError()
        if code == 0 { return finish(.success(socket)) }
        tryNext(rest, last: SystemError(call: "connect", code: code))
    }

    private func giveUp() { finish(.failure(.timedOut(address, after: timeout))) }

    /// Gives up without an answer.
    func cancel() {
        completion = nil
        finish(.failure(.timedOut(address, after: timeout)))
    }

    private func finish(_ result: Result<Socket, ConnectError>) {
        watch = nil
        timer = nil
        state = .done
        let completion = completion
        self.completion = nil
        completion?(result)
    }
}

/// Carries a weak reference through another thread and back to the loop that owns the object; it is only looked at
/// there.
struct LoopConfined<Value: AnyObject>: @unchecked Sendable {
    private(set) weak var value: Value?
    init(_ value: Value) { self.value = value }
}
