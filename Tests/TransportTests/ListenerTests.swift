import Glibc
import Model
import Synchronization
import Telemetry
import Testing
import Transport
import Wire

@Suite struct ListenerTests {
    @Test func `Hundreds of idle connections cost the others nothing and end together`() async throws {
        var server = TestServer()
        server.limits.linger = .milliseconds(50)
        try await server.run { server in
            let idle = try (0..<500).map { _ in try RawPeer(server.address) }
            let busy = try RawPeer(server.address)
            busy.send(frame([1]))
            try busy.expect([1])
            #expect(server.metrics.accepted.value == 501)
            #expect(server.listener.connectionCount == 501)
            await server.listener.stop(sending: frame([9]))
            #expect(server.listener.connectionCount == 0)
            #expect(server.metrics.open.value == 0)
            #expect(server.context.held.value == 0)
            for peer in idle { try peer.expect([9]) }
        }
    }

    @Test func `Connections beyond the limit are told and closed`() async throws {
        var server = TestServer()
        server.options.maxConnections = 2
        server.options.refusal = frame(Array("too many".utf8))
        try await server.run { server in
            let first = try RawPeer(server.address)
            let second = try RawPeer(server.address)
            for peer in [first, second] {
                peer.send(frame([1]))
                try peer.expect([1])
            }
            let third = try RawPeer(server.address)
            try third.expect(Array("too many".utf8))
            try third.expectEnd()
            #expect(server.metrics.refused.value == 1)
            first.send(frame([2]))
            try first.expect([2])
        }
    }

    @Test func `A connection that ends makes room for another`() async throws {
        var server = TestServer()
        server.options.maxConnections = 1
        try await server.run { server in
            for _ in 0..<5 {
                do {
                    let peer = try RawPeer(server.address)
                    peer.send(frame([1]))
                    try peer.expect([1])
                }
                #expect(await server.events.nextClose() == .peerClosed)
                #expect(server.listener.connectionCount == 0)
            }
        }
    }

    @Test func `Reasons are counted by name`() async throws {
        try await TestServer().run { server in
            for bytes in [header(length: 0), header(length: 1, flags: 4)] {
                let peer = try RawPeer(server.address)
                peer.send(bytes)
                _ = try peer.receiveFrame()
                peer.endWriting()
                _ = await server.events.nextClose()
            }
            #expect(server.metrics.closed(.rejected(.zeroLength)).value == 1)
            #expect(server.metrics.closed(.rejected(.unknownFlags(4))).value == 1)
        }
    }

    @Test func `IPv6 is served like IPv4`() async throws {
        let loops = try EventLoopGroup(count: 1)
        let context = Connection.Context(compressor: Repeats())
        let (stream, sink) = AsyncStream.makeStream(of: Seen.self)
        let listener = try Listener(SocketAddress("[::1]:0"), loops: loops, context: context) {
            Recorder(sink) { _ in
            } onFrame: { payload, connection in
                connection.send(frame(payload))
            }
        }
        #expect(listener.address.description.hasPrefix("[::1]:"))
        let (answers, answerSink) = AsyncStream.makeStream(of: Seen.self)
        let connection = try await Connection.connect(to: listener.address, on: loops.next(), context: context) {
            Recorder(answerSink)
        }
        connection.post([frame([1, 2])])
        #expect(await Events(stream).frames(1) == [[1, 2]])
        #expect(await Events(answers).frames(1) == [[1, 2]])
        await listener.stop()
        loops.stop()
        #expect(await Events(answers).nextClose() != nil)
    }

    @Test func `Stopping a loop closes its connections`() async throws {
        try await TestServer().run { server in
            let peer = try RawPeer(server.address)
            peer.send(frame([1]))
            try peer.expect([1])
            server.loops.stop()
            try peer.expectEnd()
            #expect(await server.events.nextClose() == .stopped)
        }
    }

    @Test func `Nothing is left open, and running out of descriptors only delays accepting`() async {
        // Descriptors are counted for a whole process, hence one of its own.
        await #expect(processExitsWith: .success) {
            let before = openDescriptors()
            try await TestServer().run { server in
                for _ in 0..<100 {
                    let peer = try RawPeer(server.address)
                    peer.send(frame([1]) + header(length: 0))
                    try peer.expect([1])
                }
                var fillers: [Int32] = []
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                limit.rlim_cur = 300
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                while true {
                    let filler = dup(0)
                    if filler < 0 { break }
                    fillers.append(filler)
                }
                close(fillers.removeLast())
                let peer = try RawPeer(server.address)
                peer.send(frame([2]))
                fillers.forEach { close($0) }
                try peer.expect([2])
            }
            let left = openDescriptors().subtracting(before)
            guard left.isEmpty else { fatalError("left open: \(left)") }
        }
    }
}

/// The descriptors of the kinds that transport makes; the runtime and the test library have others, and open and close
/// them when they like.
private func openDescriptors() -> Set<Int32> {
    Set(
        (0..<4_096).filter { descriptor in
            var target = [CChar](repeating: 0, count: 64)
            let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            let kind = String(decoding: target[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return ["socket:", "anon_inode:[eventpoll]", "anon_inode:[eventfd]"].contains { kind.hasPrefix($0) }
        })
}
