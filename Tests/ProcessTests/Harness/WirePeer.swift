import Compression
import Model
import TestKit
import Testing
import Wire

/// The wire by hand: any bytes out, whole envelopes in. Fit for peers that keep to the protocol and for others.
final class WirePeer {
    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    private let socket: BlockingSocket
    private var decoder = FrameDecoder(limit: Limits.maxFrame, compressor: Zstd())
    /// Came with what was read before, and was not asked for yet.
    private var held: ArraySlice<UInt8>?
    private var lastID: UInt64 = 1
    private(set) var welcome: Proto.Welcome?
    /// What the hub said of its own accord while a reply was awaited.
    private(set) var notices: [Proto.Envelope.Body] = []

    /// Connects, and says nothing.
    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        socket = try BlockingSocket(port: port, receiveBuffer: receiveBuffer)
    }

    /// Connects, says Hello, and is welcome.
    convenience init(
        port: UInt16, as role: Proto.Role, name: String = "peer", receiveBuffer: Int32? = nil
    ) throws {
        try self.init(port: port, receiveBuffer: receiveBuffer)
        send(Proto.Envelope(id: 1, body: .hello(WirePeer.hello(role, name))))
        let answer = try next()
        guard case .welcome(let welcome)? = answer?.body else { throw Unexpected(description: "\(answer as Any)") }
        self.welcome = welcome
    }

    static func hello(_ role: Proto.Role, _ name: String = "peer") -> Proto.Hello {
        Proto.Hello(
            versionMin: Limits.protocolVersion, versionMax: Limits.protocolVersion, role: role, name: name,
            software: "test")
    }

    // MARK: Out

    func send(_ envelope: Proto.Envelope) { send(frame: envelope.encoded()) }

    func send(frame payload: [UInt8], flags: UInt8 = 0) { send(WirePeer.header(payload.count + 1, flags) + payload) }

    /// Returns how many bytes were taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int { socket.send(bytes) }

    static func header(_ length: Int, _ flags: UInt8 = 0) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [flags]
    }

    // MARK: In

    /// The next envelope; nil when the hub has closed.
    func next() throws -> Proto.Envelope? {
        while true {
            if let payload = try held ?? decoder.next() {
                held = nil
                return try Proto.Envelope(decoding: payload)
            }
            let bytes = try socket.receive(atMost: 256 << 10)
            if bytes.isEmpty { return nil }
            decoder.push(bytes[...])
        }
    }

    func endWriting() { socket.endWriting() }

    /// Whether something has come, or comes within this time.
    func waitForInput(milliseconds: Int32) throws -> Bool {
        if held == nil { held = try decoder.next() }
        return held != nil || socket.waitForInput(milliseconds: milliseconds)
    }

    /// Takes what the hub says of its own accord within this time.
    func listen(milliseconds: Int32) throws {
        guard try waitForInput(milliseconds: milliseconds), let envelope = try next() else { return }
        if let body = envelope.body { notices.append(body) }
    }

    /// Asks, and waits for the answer.
    func ask(_ body: Proto.Envelope.Body) throws -> Proto.Envelope.Body {
        lastID += 1
        let id = lastID
        send(Proto.Envelope(id: id, body: body))
        while let envelope = try next() {
            guard let body = envelope.body else { continue }
            if envelope.inReplyTo == id { return body }
            notices.append(body)
        }
        throw Unexpected(description: "the hub closed before it answered")
    }

    /// The next thing said is this error.
    @discardableResult
    func expectError(
        _ code: Proto.ErrorCode, field: String = "", inReplyTo id: UInt64 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Proto.Error? {
        let envelope = try next()
        guard case .error(let error)? = envelope?.body else {
            Issue.record("\(code) was expected, not \(envelope as Any)", sourceLocation: sourceLocation)
            return nil
        }
        #expect(error.code == code, "\(error.message)", sourceLocation: sourceLocation)
        #expect(error.field == field, sourceLocation: sourceLocation)
        #expect(envelope?.inReplyTo == id, sourceLocation: sourceLocation)
        return error
    }

    /// Nothing more is said: the hub closes.
    func expectEnd(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let more = try next()
        #expect(more == nil, sourceLocation: sourceLocation)
    }
}
