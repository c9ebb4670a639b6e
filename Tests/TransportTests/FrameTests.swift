import Model
import Telemetry
import Testing
import Transport
import Wire

/// What comes over a real socket, good and bad.
@Suite struct FrameTests {
    private func running(
        _ server: TestServer = TestServer(), _ body: (TestServer.Running, RawPeer) async throws -> Void
    ) async throws {
        try await server.run { try await body($0, try RawPeer($0.address)) }
    }

    @Test func `Frames that come byte by byte are put together`() async throws {
        try await running { server, peer in
            let payloads = [[], [1], Array(0..<200)] as [[UInt8]]
            for payload in payloads {
                for byte in frame(payload) { peer.send([byte]) }
                try peer.expect(payload)
            }
            #expect(server.metrics.framesIn.value == 3)
        }
    }

    @Test func `Many frames that come at once are answered in order`() async throws {
        try await running { server, peer in
            let payloads = (0..<5_000).map { Array("\($0)".utf8) }
            peer.send(payloads.flatMap { frame($0) })
            for payload in payloads { try peer.expect(payload) }
            #expect(server.metrics.writes.value < 1_000)
        }
    }

    @Test func `A frame of the limit passes, and the limit can be raised`() async throws {
        let limit = ConnectionLimits().frame
        let raising = TestServer(onFrame: { payload, connection in
            connection.setFrameLimit(Limits.maxFrame)
            connection.send(frame(payload.prefix(1)))
        })
        try await running(raising) { _, peer in
            peer.send(frame([UInt8](repeating: 1, count: limit - 1)))
            try peer.expect([1])
            peer.send(frame([UInt8](repeating: 2, count: Limits.maxFrame - 1)))
            try peer.expect([2])
        }
    }

    @Test(arguments: [
        (header(length: 0), FrameFault.zeroLength),
        (header(length: 16_385), .tooLong(length: 16_385, limit: 16_384)),
        (header(length: 0xFFFF_FFFF), .tooLong(length: 0xFFFF_FFFF, limit: 16_384)),
        (Array("GET / HTTP/1.1\r\n\r\n".utf8), .tooLong(length: 0x4745_5420, limit: 16_384)),
        (header(length: 9, flags: 2), .unknownFlags(2)),
        (header(length: 9, flags: 0x81), .unknownFlags(0x81)),
        (frame([1, 2, 3], flags: 1), .compression(limit: 16_384)),
    ])
    func `What is no frame is answered and ends the connection`(bytes: [UInt8], fault: FrameFault) async throws {
        try await running { server, peer in
            peer.send(frame([7]) + bytes + frame([8]))
            try peer.expect([7])
            try peer.expect(Array("\(fault)".utf8))
            try peer.expectEnd()
            peer.endWriting()
            #expect(await server.events.frames(1) == [[7]])
            #expect(await server.events.next() == .rejected(fault))
            #expect(await server.events.next() == .closed(.rejected(fault)))
        }
    }

    @Test func `A compressed frame is delivered inflated`() async throws {
        try await running { _, peer in
            peer.send(frame([200, 7], flags: 1))
            try peer.expect([UInt8](repeating: 7, count: 200))
        }
    }

    @Test(arguments: [[0], [0, 0, 0, 9], header(length: 9), header(length: 9) + [1, 2]] as [[UInt8]])
    func `Half a frame and then silence ends the connection`(half: [UInt8]) async throws {
        var server = TestServer()
        server.limits.frameTimeout = .milliseconds(20)
        try await running(server) { server, peer in
            peer.send(half)
            try peer.expect(Array("\(FrameFault.unfinished)".utf8))
            try peer.expectEnd()
            peer.endWriting()
            #expect(await server.events.nextClose() == .rejected(.unfinished))
        }
    }

    @Test func `A silent peer is closed when it is idle for too long`() async throws {
        var server = TestServer()
        server.limits.idleTimeout = .milliseconds(20)
        try await running(server) { server, peer in
            try peer.expectEnd()
            #expect(await server.events.nextClose() == .idleTimeout)
        }
    }

    @Test func `A peer that ends its side still gets what waits for it`() async throws {
        try await running { server, peer in
            peer.send(frame([1, 2, 3]))
            peer.endWriting()
            try peer.expect([1, 2, 3])
            try peer.expectEnd()
            #expect(await server.events.nextClose() == .peerClosed)
        }
    }

    @Test func `A reader that never reads is closed at its bound`() async throws {
        var server = TestServer()
        server.limits.output = 1 << 20
        server.limits.kernelSendBuffer = 64 << 10
        server.onFrame = { payload, connection in
            for _ in 0..<10 { connection.send(frame([UInt8](repeating: 1, count: 64 << 10))) }
        }
        try await server.run { server in
            let peer = try RawPeer(server.address, receiveBuffer: 64 << 10)
            for _ in 0..<20 { peer.send(frame([1])) }
            #expect(await server.events.nextClose() == .slowReader)
            #expect(server.context.held.value == 0)
        }
    }

    @Test func `When all hold too much the largest holder is closed`() async throws {
        var server = TestServer()
        server.held = 2 << 20
        server.onOpen = { $0.setFrameLimit(Limits.maxFrame) }
        try await running(server) { server, honest in
            let hog = try RawPeer(server.address)
            hog.send(header(length: 8 << 20) + [UInt8](repeating: 1, count: 4 << 20))
            #expect(await server.events.nextClose() == .memory)
            honest.send(frame([1]))
            try honest.expect([1])
            #expect(server.context.held.value < 1 << 20)
        }
    }

    @Test func `A handler is woken when it asked to be`() async throws {
        var server = TestServer()
        server.onOpen = { $0.wake(at: SystemTime().now() + .milliseconds(5)) }
        try await running(server) { server, peer in
            #expect(await server.events.next() == .opened)
            #expect(await server.events.next() == .woken)
            peer.send(frame([1]))
            try peer.expect([1])
        }
    }

    @Test func `What is sent in one turn leaves in one write`() async throws {
        let server = TestServer(onFrame: { payload, connection in
            for n in 0..<100 as Range<UInt8> { connection.send(frame([n])) }
        })
        try await running(server) { server, peer in
            peer.send(frame([0]))
            for n in 0..<100 as Range<UInt8> { try peer.expect([n]) }
            #expect(server.metrics.writes.value == 1)
            #expect(server.metrics.framesOut.value == 100)
        }
    }

    @Test func `Posts from other threads keep their order`() async throws {
        let (connections, sink) = AsyncStream.makeStream(of: Connection.self)
        var server = TestServer()
        server.onOpen = { sink.yield($0) }
        try await running(server) { server, peer in
            for await connection in connections {
                for n in 0..<1_000 { connection.post([frame(Array("\(n)".utf8))]) }
                break
            }
            for n in 0..<1_000 { try peer.expect(Array("\(n)".utf8)) }
        }
    }
}
