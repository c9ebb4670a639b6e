import Compression
import Glibc
import Model
import TestKit
import Testing
import Wire

/// Each line of the table of hostile and broken peers in docs/PROTOCOL.md, over a socket, against a hub process: its
/// answer, its counter, and that the hub serves others afterwards.
@Suite(.processes) struct HostilePeerTests {
    private let directory = TemporaryDirectory()

    /// Runs the peer's misdeed, then looks at what the hub counted and that it still serves.
    private func expect(
        _ counters: [String], flags: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
        after misdeed: (Running) throws -> Void
    ) throws {
        let hub = try Rookery.hub(directory, flags: flags)
        try misdeed(hub)
        try HubView(port: hub.port).wait(for: "\(counters) to count 1", tries: 200, sourceLocation: sourceLocation) {
            counters.allSatisfy { [status = $0] in status.value($0) == 1 }
        }
        try expectService(hub, sourceLocation)
        #expect(try hub.process.terminate() == .exited(0), sourceLocation: sourceLocation)
    }

    private func expectService(_ hub: Running, _ place: SourceLocation) throws {
        let node = try WirePeer(port: hub.port, as: .node, name: "honest")
        let answer = try node.ask(.ingestBatch(Batches.numbered(1...2, stream: 99)))
        guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
        #expect(ack.refusal == .accepted && ack.lastApplied == 2, sourceLocation: place)
    }

    // MARK: Frames

    @Test func `a frame longer than 16 KiB before Welcome is refused by its length`() throws {
        try expect(["peer_frame_too_long", "connection_closed_frame_too_long"]) { hub in
            let peer = try WirePeer(port: hub.port)
            peer.send(WirePeer.header(16 * 1_024 + 1))
            let error = try peer.expectError(.frameLength)
            #expect(error?.message == "a frame of 16385 bytes is longer than 16384; send smaller ones")
            try peer.expectEnd()
        }
    }

    @Test func `a frame longer than 8 MiB after Welcome is refused by its length`() throws {
        try expect(["peer_frame_too_long"]) { hub in
            let peer = try WirePeer(port: hub.port, as: .node)
            peer.send(WirePeer.header(8 << 20 + 1))
            try peer.expectError(.frameLength)
            try peer.expectEnd()
        }
    }

    @Test func `a frame of length 0 closes`() throws {
        try expect(["peer_frame_zero_length", "connection_closed_frame_zero_length"]) { hub in
            let peer = try WirePeer(port: hub.port)
            peer.send([0, 0, 0, 0])
            try peer.expectError(.frameLength)
            try peer.expectEnd()
        }
    }

    @Test func `a flag other than bit 0 closes`() throws {
        try expect(["peer_frame_unknown_flags", "connection_closed_frame_unknown_flags"]) { hub in
            let peer = try WirePeer(port: hub.port, as: .node)
            peer.send(WirePeer.header(10, 0x80))
            let error = try peer.expectError(.frameFlags)
            #expect(error?.message == "flags 128 are unknown; only bit 0, zstd, may be set")
            try peer.expectEnd()
        }
    }

    @Test func `what is no zstd frame closes`() throws {
        try expect(["peer_frame_compression", "connection_closed_frame_compression"]) { hub in
            let peer = try WirePeer(port: hub.port, as: .node)
            peer.send(frame: Array("this is no zstd frame".utf8), flags: 1)
            try peer.expectError(.frameCompression)
            try peer.expectEnd()
        }
    }

    @Test func `a compression bomb is refused before it is inflated`() throws {
        // A Ping of 64 MiB is 6 KiB of zstd.
        let ping = Proto.Ping(payload: [UInt8](repeating: 0, count: 64 << 20)[...])
        var bomb: [UInt8] = []
        Zstd().compress(Proto.Envelope(id: 2, body: .ping(ping)).encoded()[...], into: &bomb)
        try #require(bomb.count < 16 << 10)
        try expect(["peer_frame_compression"]) { hub in
            let before = try #require(ProcFile.peakMemory(of: hub.process.pid))
            let peer = try WirePeer(port: hub.port, as: .node)
            peer.send(frame: bomb, flags: 1)
            let error = try peer.expectError(.frameCompression)
            #expect(
                error?.message == "the payload is no zstd frame of at most 8388608 bytes; send it as it is")
            try peer.expectEnd()
            let after = try #require(ProcFile.peakMemory(of: hub.process.pid))
            #expect(after - before < 24 << 10, "KiB more than before")
        }
    }

    @Test func `half a frame and then silence closes when its time is over`() throws {
        try expect(
            ["peer_frame_unfinished", "connection_closed_frame_unfinished"], flags: ["--frame-timeout", "200ms"]
        ) { hub in
            let peer = try WirePeer(port: hub.port, as: .node)
            peer.send(WirePeer.header(100) + [8])
            try peer.expectError(.idleTimeout)
            try peer.expectEnd()
        }
    }

    // MARK: Opening

    @Test func `who does not say Hello in time is told so`() throws {
        try expect(["peer_hello_timeout"], flags: ["--hello-timeout", "200ms"]) { hub in
            let peer = try WirePeer(port: hub.port)
            let error = try peer.expectError(.helloTimeout)
            #expect(error?.message == "no Hello within 200 ms; send it first")
            try peer.expectEnd()
        }
    }

    @Test func `something other than Hello first closes`() throws {
        try expect(["peer_hello_expected"]) { hub in
            let peer = try WirePeer(port: hub.port)
            peer.send(Proto.Envelope(id: 5, body: .clusterStatus(Proto.ClusterStatus())))
            try peer.expectError(.helloExpected, inReplyTo: 5)
            try peer.expectEnd()
        }
    }

    @Test func `malformed protobuf before Welcome closes`() throws {
        try expect(["peer_malformed"]) { hub in
            let peer = try WirePeer(port: hub.port)
            peer.send(frame: [8, 7, 82, 100])
            try peer.expectError(.malformed, inReplyTo: 7)
            try peer.expectEnd()
        }
    }

    @Test(
        arguments: [
            (Proto.Role.node, 7...9, "n", "peer_version_mismatch", Proto.ErrorCode.version, "version_max"),
            (.node, 1...1, "bad name", "peer_invalid_name", .invalidField, "name"),
            (.unrecognized(9), 1...1, "n", "peer_invalid_role", .invalidField, "role"),
        ] as [(Proto.Role, ClosedRange<UInt32>, String, String, Proto.ErrorCode, String)])
    func `a Hello that cannot be accepted is answered, and closes`(
        role: Proto.Role, versions: ClosedRange<UInt32>, name: String, counter: String, code: Proto.ErrorCode,
        field: String
    ) throws {
        try expect([counter]) { hub in
            let peer = try WirePeer(port: hub.port)
            var hello = WirePeer.hello(role, name)
            (hello.versionMin, hello.versionMax) = (versions.lowerBound, versions.upperBound)
            peer.send(Proto.Envelope(id: 3, body: .hello(hello)))
            try peer.expectError(code, field: field, inReplyTo: 3)
            try peer.expectEnd()
        }
    }

    @Test(arguments: [Proto.Role.orchestrator, .coordinator])
    func `the hub's own roles are taken`(role: Proto.Role) throws {
        try expect(["connection_closed_refused"]) { hub in
            let peer = try WirePeer(port: hub.port)
            peer.send(Proto.Envelope(id: 3, body: .hello(WirePeer.hello(role))))
            try peer.expectError(.roleTaken, field: "role", inReplyTo: 3)
            try peer.expectEnd()
        }
    }

    // MARK: Bodies

    @Test func `body errors are answered and carried on`() throws {
        let faults = ["malformed", "second_hello", "unknown_body", "body_not_allowed", "missing_id", "ping_too_long"]
        try expect(faults.map { "peer_" + $0 }) { hub in
            let peer = try WirePeer(port: hub.port, as: .node)
            // Two errors, then something good: the count begins anew.
            peer.send(frame: [8, 7, 82, 100])
            try peer.expectError(.malformed, inReplyTo: 7)
            peer.send(Proto.Envelope(id: 8, body: .hello(WirePeer.hello(.node))))
            try peer.expectError(.outOfOrder, inReplyTo: 8)
            try expectPong(peer)
            peer.send(frame: [8, 9, 0xFA, 0x3F, 0])
            try peer.expectError(.unknownBody, inReplyTo: 9)
            peer.send(Proto.Envelope(id: 10, body: .clusterStatus(Proto.ClusterStatus())))
            try peer.expectError(.roleNotAllowed, inReplyTo: 10)
            try expectPong(peer)
            peer.send(Proto.Envelope(body: .ping(Proto.Ping())))
            try peer.expectError(.invalidField, field: "id")
            let long = Proto.Ping(payload: [UInt8](repeating: 0, count: 1_025)[...])
            peer.send(Proto.Envelope(id: 11, body: .ping(long)))
            try peer.expectError(.invalidField, field: "payload", inReplyTo: 11)
            try expectPong(peer)
        }
    }

    private func expectPong(_ peer: WirePeer) throws {
        let answer = try peer.ask(.ping(Proto.Ping(payload: [1])))
        #expect(answer == .pong(Proto.Pong(payload: [1])))
    }

    @Test func `the third body error in a row is answered, and closes`() throws {
        try expect(["peer_body_errors_in_a_row"]) { hub in
            let peer = try WirePeer(port: hub.port, as: .operator)
            for id in UInt64(2)...4 {
                peer.send(Proto.Envelope(id: id, body: .ingestBatch(Proto.IngestBatch())))
                try peer.expectError(.roleNotAllowed, inReplyTo: id)
            }
            try peer.expectEnd()
        }
    }
}
