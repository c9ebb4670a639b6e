import Compression
import Model
import Sealing
import Synchronization
import Transport
import Wire

/// One operator's connection to a hub, for as long as a command takes; and to the other process where each role is one
/// of its own.
struct Operator {
    private let loop: EventLoop
    private let client: Client
    private let other = Other()

    /// Learned from the first process.
    private final class Other: Sendable {
        struct State {
            var welcome: Proto.Welcome?
            var client: Client?
            /// It knew what was asked last.
            var isPreferred = false
        }

        let state = Mutex(State())
    }

    /// Runs `body` with a connection and ends it again, whatever happens.
    static func with<T: Sendable>(_ arguments: Arguments, _ body: (Operator) async throws -> T) async throws -> T {
        let connection = try Operator(hub: try address(arguments))
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    static func address(_ arguments: Arguments) throws -> SocketAddress {
        let text = arguments.string("hub") ?? Terminal.environment("ROOKERY_HUB") ?? "127.0.0.1:\(Limits.defaultPort)"
        do {
            return try SocketAddress(text, defaultPort: Limits.defaultPort)
        } catch {
            throw UsageError("--hub is \(text): \(error)")
        }
    }

    private init(hub: SocketAddress) throws {
        loop = try EventLoop(name: "client")
        client = Operator.connect(hub, on: loop) { [other] event in
            if case .connected(let welcome) = event { other.state.withLock { $0.welcome = welcome } }
        }
    }

    private static func connect(
        _ address: SocketAddress, on loop: EventLoop, events: @escaping @Sendable (Client.Event) -> Void = { _ in }
    ) -> Client {
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .operator, name: "operator",
            software: Rookery.software)
        var options = Client.Options(address: address, hello: hello)
        options.persistence = .onceWelcome
        let client = Client(
            options, loop: loop, context: Connection.Context(compressor: Zstd()), events: events)
        client.start()
        return client
    }

    /// Asks the process that was named, and the other one for what that serves.
    func ask(_ body: Proto.Envelope.Body, timeout: Span = Limits.requestTimeout) async throws -> Proto.Envelope.Body {
        let (preferred, asksOther) = other.state.withLock {
            ($0.isPreferred ? $0.client ?? client : client, $0.isPreferred)
        }
        do throws(ClientError) {
            return try await preferred.request(body, timeout: timeout)
        } catch {
            guard case .refused(let refusal) = error, refusal.code == .servedElsewhere,
                let elsewhere = asksOther ? client : try elsewhere()
            else { throw error }
            other.state.withLock { $0.isPreferred = !asksOther }
            return try await elsewhere.request(body, timeout: timeout)
        }
    }

    /// The process that was named, and then the other one, if there is one: their answers, or why there is none.
    func askBoth(_ body: Proto.Envelope.Body) async throws -> [Result<Proto.Envelope.Body, ClientError>] {
        var answers: [Result<Proto.Envelope.Body, ClientError>] = [.success(try await client.request(body))]
        if let elsewhere = try elsewhere() {
            do throws(ClientError) {
                answers.append(.success(try await elsewhere.request(body)))
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }

    /// One of the processes of a cluster.
    struct Place {
        /// What it serves; unspecified: everything.
        var role: Proto.Role
        fileprivate var client: Client?

        /// An error also where it has not come yet.
        func ask(_ body: Proto.Envelope.Body) async throws -> Proto.Envelope.Body {
            guard let client else { throw CommandError("no \(role) has come to the other process yet; start it") }
            return try await client.request(body)
        }
    }

    /// The hub; or the orchestrator, and then the coordinator.
    func places() async throws -> [Place] {
        // An answer comes after the Welcome, which says who there is.
        _ = try await client.request(.ping(Proto.Ping()))
        return switch other.state.withLock({ $0.welcome?.serves }) {
        case .coordinator:
            [Place(role: .orchestrator, client: try elsewhere()), Place(role: .coordinator, client: client)]
        case .orchestrator:
            [Place(role: .orchestrator, client: client), Place(role: .coordinator, client: try elsewhere())]
        default: [Place(role: .unspecified, client: client)]
        }
    }

    /// Nil where a hub has both roles, or the other one has not come yet.
    private func elsewhere() throws -> Client? {
        let text: String
        switch other.state.withLock({ $0.welcome }) {
        case let welcome? where welcome.serves == .coordinator: text = welcome.orchestratorAddress
        case let welcome? where welcome.serves == .orchestrator: text = welcome.coordinatorAddress
        default: return nil
        }
        guard !text.isEmpty else { return nil }
        let address = try SocketAddress(text, defaultPort: Limits.defaultPort)
        return other.state.withLock { state in
            if let client = state.client { return client }
            let client = Operator.connect(address, on: loop)
            state.client = client
            return client
        }
    }

    /// Lets the time pass between two questions.
    func pause(_ span: Span) async {
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                // Holds itself until it fires.
                var timer: LoopTimer?
                timer = loop.schedule(after: span) {
                    timer?.cancel()
                    timer = nil
                    continuation.resume()
                }
            }
        }
    }

    private func close() async {
        await client.stop()
        await other.state.withLock { $0.client }?.stop()
        loop.stop()
    }

    /// The key that makes a state-changing request safe to repeat.
    static func key() throws -> ArraySlice<UInt8> { try secureRandom(16)[...] }

    static func unexpected(_ body: Proto.Envelope.Body) -> CommandError {
        CommandError("the hub answered with something else than was asked for; is it of another version? (\(body))")
    }
}
