import Glibc
import Model
import Testing
import Transport
import Wire

@Suite struct ClientTests {
    private struct World: Sendable {
        let loops: EventLoopGroup
        let listener: Listener
        let client: Client
        let events: AsyncStream<Client.Event>

        /// Passes over the others.
        func connected() async -> Proto.Welcome? {
            for await event in events { if case .connected(let welcome) = event { return welcome } }
            return nil
        }

        func disconnected() async -> (ClientError, Model.Span?)? {
            for await event in events { if case .disconnected(let error, let span) = event { return (error, span) } }
            return nil
        }
    }

    private static func options(
        _ address: SocketAddress, _ persistence: Client.Persistence
    ) -> Client.Options {
        let hello = Proto.Hello(versionMin: 1, versionMax: 1, role: .operator, name: "test", software: "test")
        var options = Client.Options(address: address, hello: hello)
        options.persistence = persistence
        options.reconnectBase = .milliseconds(1)
        options.reconnectCap = .milliseconds(5)
        return options
    }

    private func withClient(
        _ server: SessionServer, persistence: Client.Persistence = .always, _ body: (World) async throws -> Void
    ) async throws {
        let loops = try EventLoopGroup(count: 2)
        let listener = try server.listen(SocketAddress(host: "127.0.0.1", port: 0), loops)
        let (events, sink) = AsyncStream.makeStream(of: Client.Event.self)
        let client = Client(
            ClientTests.options(listener.address, persistence), loop: loops.next(),
            context: .init(compressor: Repeats())
        ) { sink.yield($0) }
        client.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(World(loops: loops, listener: listener, client: client, events: events)))
        } catch {
            result = .failure(error)
        }
        await client.stop()
        await listener.stop()
        loops.stop()
        try result.get()
    }

    private static let status = Proto.Envelope.Body.clusterStatus(Proto.ClusterStatus())
    private static let statusReply = Proto.Envelope.Body.clusterStatusReply(Proto.ClusterStatusReply())

    private func failure(_ body: () async throws(ClientError) -> Proto.Envelope.Body) async -> ClientError? {
        do throws(ClientError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    private func expectStatus(_ client: Client, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await client.request(ClientTests.status)
        #expect(answer == ClientTests.statusReply, sourceLocation: sourceLocation)
    }

    @Test func `A request gets its answer`() async throws {
        try await withClient(SessionServer(reply: { _, _ in .body(ClientTests.statusReply) })) { world in
            for _ in 0..<10 { try await expectStatus(world.client) }
        }
    }

    @Test func `Requests made at once are matched to their answers`() async throws {
        let server = SessionServer(reply: { body, _ in
            guard case .ping = body else { return .body(ClientTests.statusReply) }
            return .silence
        })
        try await withClient(server) { world in
            await withTaskGroup { group in
                for n in 0..<100 as Range<UInt8> {
                    group.addTask {
                        let answer = try? await world.client.request(.ping(Proto.Ping(payload: [n])))
                        return answer == .pong(Proto.Pong(payload: [n]))
                    }
                }
                for await matches in group { #expect(matches) }
            }
        }
    }

    @Test func `An error in answer to a request is that request's only`() async throws {
        let error = Proto.Error(code: .invalidField, message: "must be positive", field: "limit")
        let server = SessionServer(reply: { _, number in
            .body(number == 1 ? .error(error) : ClientTests.statusReply)
        })
        try await withClient(server) { world in
            let refusal = await failure { () throws(ClientError) in try await world.client.request(ClientTests.status) }
            #expect(refusal == .refused(error))
            #expect(refusal?.description == "limit: must be positive")
            try await expectStatus(world.client)
        }
    }

    @Test func `After a loss the client connects again and asks again`() async throws {
        let server = SessionServer(reply: { _, number in
            number <= 3 ? .hangUp : .body(ClientTests.statusReply)
        })
        try await withClient(server) { world in
            try await expectStatus(world.client)
            #expect(server.requests.all.count == 4)
            for _ in 0..<3 {
                #expect(await world.connected()?.incarnation == 7)
                let (error, wait) = try #require(await world.disconnected())
                #expect(error == .lost(world.listener.address, reason: "the peer closed the connection"))
                let span = try #require(wait)
                #expect(span <= .milliseconds(5))
            }
        }
    }

    @Test func `A request without an answer in time fails, connected or not`() async throws {
        try await withClient(SessionServer()) { world in
            let late = await failure { () throws(ClientError) in
                try await world.client.request(ClientTests.status, timeout: .milliseconds(20))
            }
            #expect(late == .timedOut(world.listener.address, after: .milliseconds(20)))
            #expect(
                late?.description == "\(world.listener.address) did not answer within 0.02 s; "
                    + "it may be busy: try again, or give it more time")
            await world.listener.stop()
            let offline = await failure { () throws(ClientError) in
                try await world.client.request(ClientTests.status, timeout: .milliseconds(20))
            }
            #expect(offline == .timedOut(world.listener.address, after: .milliseconds(20)))
        }
    }

    @Test func `A cancelled request ends at once`() async throws {
        try await withClient(SessionServer()) { world in
            _ = await world.connected()
            let request = Task {
                await failure { () throws(ClientError) in try await world.client.request(ClientTests.status) }
            }
            request.cancel()
            #expect(await request.value == .cancelled)
        }
    }

    @Test func `Events tell of Welcome, messages, answers and losses in order`() async throws {
        let pushed = Proto.Envelope.Body.goodbye(Proto.Goodbye(reason: "maintenance"))
        let server = SessionServer(
            greeting: [pushed],
            reply: { _, number in
                number == 1 ? .body(ClientTests.statusReply) : .hangUp
            })
        try await withClient(server) { world in
            var events = world.events.makeAsyncIterator()
            guard case .connected(let welcome) = await events.next() else { throw Unexpected() }
            #expect(welcome.incarnation == 7)
            guard case .message(let body) = await events.next() else { throw Unexpected() }
            #expect(body == pushed)
            world.client.ask(ClientTests.status, tag: 5)
            guard case .answer(5, .success(ClientTests.statusReply)) = await events.next() else { throw Unexpected() }
            world.client.ask(ClientTests.status, tag: 6)
            let lost = ClientError.lost(world.listener.address, reason: "the peer closed the connection")
            guard case .answer(6, .failure(lost)) = await events.next() else { throw Unexpected() }
            guard case .disconnected(lost, retryAfter: .some) = await events.next() else { throw Unexpected() }
        }
    }

    @Test func `Goodbye is the last that a stopped client says`() async throws {
        let server = SessionServer(reply: { _, _ in .body(ClientTests.statusReply) })
        try await withClient(server) { world in
            _ = try await world.client.request(ClientTests.status)
        }
        #expect(server.requests.all == [ClientTests.status, .goodbye(Proto.Goodbye(reason: "done"))])
    }

    @Test func `What is told has no answer`() async throws {
        let server = SessionServer()
        try await withClient(server) { world in
            _ = await world.connected()
            world.client.tell(.goodbye(Proto.Goodbye(reason: "told")))
            let (error, _) = try #require(await world.disconnected())
            #expect(error == .lost(world.listener.address, reason: "the peer closed the connection"))
        }
        // What follows is said on the next connection.
        #expect(server.requests.all.first == .goodbye(Proto.Goodbye(reason: "told")))
    }

    @Test func `A stopped client fails what waits and takes nothing more`() async throws {
        try await withClient(SessionServer()) { world in
            _ = await world.connected()
            async let waiting = failure { () throws(ClientError) in
                try await world.client.request(ClientTests.status)
            }
            await world.client.stop()
            #expect(await waiting == .stopped)
            let after = await failure { () throws(ClientError) in try await world.client.request(ClientTests.status) }
            #expect(after == .stopped)
        }
    }

    @Test func `A server that turns a command away ends it with the server's words`() async throws {
        let error = Proto.Error(code: .version, message: "speak version 2")
        try await withClient(SessionServer(turnAway: error), persistence: .onceWelcome) { world in
            let refusal = await failure { () throws(ClientError) in try await world.client.request(ClientTests.status) }
            #expect(refusal == .turnedAway(world.listener.address, error))
            #expect(refusal?.description == "\(world.listener.address) turned this client away: speak version 2")
        }
    }

    @Test func `A client that never gives up tries again when turned away, not before it may`() async throws {
        let error = Proto.Error(code: .nameTaken, message: "taken", retryAfterMs: 3_600_000)
        try await withClient(SessionServer(turnAway: error)) { world in
            let (refusal, wait) = try #require(await world.disconnected())
            #expect(refusal == .turnedAway(world.listener.address, error))
            #expect(wait == .hours(1))
        }
    }

    @Test func `A request too large for the server is not sent`() async throws {
        try await withClient(SessionServer()) { world in
            let payload = [UInt8](repeating: 1, count: Limits.maxFrame)
            let refusal = await failure { () throws(ClientError) in
                try await world.client.request(.ping(Proto.Ping(payload: payload[...])))
            }
            guard case .tooLarge(.tooLong(_, Limits.maxFrame)) = refusal else { throw Unexpected() }
        }
    }

    @Test func `Where nobody listens a command is told so at once`() async throws {
        let loops = try EventLoopGroup(count: 1)
        let listener = try SessionServer().listen(SocketAddress(host: "127.0.0.1", port: 0), loops)
        let address = listener.address
        await listener.stop()
        let client = Client(
            ClientTests.options(address, .onceWelcome), loop: loops.next(), context: .init(compressor: Repeats()))
        client.start()
        let refusal = await failure { () throws(ClientError) in try await client.request(ClientTests.status) }
        #expect(refusal == .notConnected(.refused(address)))
        #expect(
            refusal?.description == "could not reach \(address): connection refused; is the hub running? "
                + "start it with: rookery hub")
        await client.stop()
        loops.stop()
    }

    @Test func `A name that does not resolve is explained`() async throws {
        let loops = try EventLoopGroup(count: 1)
        let label = String(repeating: "a", count: 64)
        let client = Client(
            ClientTests.options(SocketAddress(host: label, port: 7400), .onceWelcome), loop: loops.next(),
            context: .init(compressor: Repeats()))
        client.start()
        let refusal = await failure { () throws(ClientError) in try await client.request(ClientTests.status) }
        let start = "could not reach \(label):7400: the host \"\(label)\" does not resolve ("
        #expect(try #require(refusal).description.hasPrefix(start))
        await client.stop()
        loops.stop()
    }

    @Test func `A host that does not answer is given up in time`() async throws {
        // A full backlog: the kernel drops what else would connect.
        let descriptor = socket(AF_INET, 1, 0)
        defer { close(descriptor) }
        listen(descriptor, 0)
        let address = try #require(boundAddress(descriptor))
        let filler = try RawPeer(address)
        let loops = try EventLoopGroup(count: 1)
        var options = ClientTests.options(address, .onceWelcome)
        options.connectTimeout = .milliseconds(20)
        let client = Client(options, loop: loops.next(), context: .init(compressor: Repeats()))
        client.start()
        let refusal = await failure { () throws(ClientError) in try await client.request(ClientTests.status) }
        #expect(refusal == .notConnected(.timedOut(address, after: .milliseconds(20))))
        #expect(
            refusal?.description == "could not reach \(address): no answer within 0.02 s; "
                + "check the address and firewalls between")
        await client.stop()
        loops.stop()
        withExtendedLifetime(filler) {}
    }

    private func boundAddress(_ descriptor: Int32) -> SocketAddress? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return result == 0 ? SocketAddress(host: "127.0.0.1", port: UInt16(bigEndian: address.sin_port)) : nil
    }

    private struct Unexpected: Error {}
}
