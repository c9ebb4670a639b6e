import Lifecycle
import Model
import Synchronization
import Telemetry
import Testing
import Transport
import Wire

/// What a handler saw, in order.
enum Seen: Equatable, Sendable {
    case opened
    case frame([UInt8])
    case rejected(FrameFault)
    case woken
    case closed(CloseReason)
}

/// Tells everything to a stream, and does with a frame what the test says.
final class Recorder: FrameHandler {
    typealias Action = @Sendable ([UInt8], isolated Connection) -> Void

    private let sink: AsyncStream<Seen>.Continuation
    private let onOpen: @Sendable (isolated Connection) -> Void
    private let onFrame: Action

    init(
        _ sink: AsyncStream<Seen>.Continuation, onOpen: @escaping @Sendable (isolated Connection) -> Void = { _ in },
        onFrame: @escaping Action = { _, _ in }
    ) {
        self.sink = sink
        self.onOpen = onOpen
        self.onFrame = onFrame
    }

    func opened(_ connection: isolated Connection) {
        sink.yield(.opened)
        onOpen(connection)
    }

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        sink.yield(.frame(Array(payload)))
        onFrame(Array(payload), connection)
    }

    func rejected(_ fault: FrameFault, on connection: isolated Connection) {
        sink.yield(.rejected(fault))
        connection.send(frame(Array("\(fault)".utf8)))
    }

    func woken(now: Instant, on connection: isolated Connection) { sink.yield(.woken) }

    func closed(_ reason: CloseReason, on connection: isolated Connection) { sink.yield(.closed(reason)) }
}

/// A listener on a free port whose handlers tell everything to `events`.
struct TestServer: Sendable {
    var limits = ConnectionLimits()
    var held = Limits.maxBytesHeld
    var options = Listener.Options()
    var onOpen: @Sendable (isolated Connection) -> Void = { _ in }
    var onFrame: Recorder.Action = { payload, connection in connection.send(frame(payload)) }

    /// The server while it runs.
    final class Running: Sendable {
        let loops: EventLoopGroup
        let listener: Listener
        let metrics: TransportMetrics
        let context: Connection.Context
        let events: Events

        fileprivate init(loops: EventLoopGroup, listener: Listener, context: Connection.Context, events: Events) {
            self.loops = loops
            self.listener = listener
            self.context = context
            self.metrics = context.metrics
            self.events = events
        }

        var address: SocketAddress { listener.address }
    }

    func run(_ body: (Running) async throws -> Void) async throws {
        let loops = try EventLoopGroup(count: 1, name: "test")
        let context = Connection.Context(limits: limits, compressor: Repeats(), held: HeldBytes(limit: held))
        let (stream, sink) = AsyncStream.makeStream(of: Seen.self)
        let listener = try Listener(
            SocketAddress(host: "127.0.0.1", port: 0), loops: loops, context: context, options: options
        ) { [onOpen, onFrame] in Recorder(sink, onOpen: onOpen, onFrame: onFrame) }
        let running = Running(loops: loops, listener: listener, context: context, events: Events(stream))
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(running))
        } catch {
            result = .failure(error)
        }
        await listener.stop()
        loops.stop()
        try result.get()
    }
}

/// A stream's events, one by one.
final class Events: Sendable {
    private let stream: AsyncStream<Seen>
    init(_ stream: AsyncStream<Seen>) { self.stream = stream }

    func next() async -> Seen? {
        for await event in stream { return event }
        return nil
    }

    /// Passes over what comes before a close.
    func nextClose() async -> CloseReason? {
        for await event in stream {
            if case .closed(let reason) = event { return reason }
        }
        return nil
    }

    /// The next `count` frames; anything but frames and opens ends the wait.
    func frames(_ count: Int) async -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while frames.count < count {
            switch await next() {
            case .frame(let payload): frames.append(payload)
            case .opened: continue
            default: return frames
            }
        }
        return frames
    }
}

/// "Compression" that a test can write by hand: a count and the byte to repeat.
struct Repeats: ByteCompressor {
    func compress(_ input: Span8, into output: inout [UInt8]) {
        output += input
    }

    func decompress(_ input: Span8, limit: Int) -> [UInt8]? {
        guard input.count == 2, let count = input.first, let byte = input.last, Int(count) <= limit else { return nil }
        return [UInt8](repeating: byte, count: Int(count))
    }
}
