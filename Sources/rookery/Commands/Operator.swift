import Compression
import Model
import Sealing
import Transport
import Wire

/// One operator's connection to a hub, for as long as a command takes.
struct Operator {
    private let loop: EventLoop
    private let client: Client

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
        let hello = Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: .operator, name: "operator",
            software: Rookery.software)
        var options = Client.Options(address: hub, hello: hello)
        options.persistence = .onceWelcome
        client = Client(options, loop: loop, context: Connection.Context(compressor: Zstd()))
        client.start()
    }

    func ask(_ body: Proto.Envelope.Body, timeout: Span = Limits.requestTimeout) async throws -> Proto.Envelope.Body {
        try await client.request(body, timeout: timeout)
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
        loop.stop()
    }

    /// The key that makes a state-changing request safe to repeat.
    static func key() throws -> ArraySlice<UInt8> { try secureRandom(16)[...] }

    static func unexpected(_ body: Proto.Envelope.Body) -> CommandError {
        CommandError("the hub answered with something else than was asked for; is it of another version? (\(body))")
    }
}
