import TestKit
import Testing
import Wire

/// What operators ask about nodes, decisions and reasons, by the real binary.
@Suite(.processes) struct FleetCommandTests {
    private let directory = TemporaryDirectory()

    private func run(_ words: [String], _ hub: Running, _ status: Int32 = 0) throws -> (output: String, errors: String)
    {
        let (end, output, errors) = try Rookery.run(words + ["--hub", hub.address], in: directory)
        #expect(end == .exited(status), "\(words): \(errors)")
        return (output, errors)
    }

    @Test func `a target's way is explained, decided, and seen in the plan`() throws {
        // The node shows no life after its registration.
        let hub = try Rookery.hub(directory, flags: ["--suspect-after", "5m"])
        _ = try run(["submit", "https://a.example/"], hub)
        let listed = try run(["targets", "list"], hub).output
        let id = try #require(listed.split(separator: "\n").last?.split(separator: " ").first).description
        #expect(try run(["explain", "target", id], hub).output.contains("  no_capable_node: no node offers web\n"))
        #expect(try run(["plan"], hub).output.contains("RISK  no node offers web, which targets need\n"))

        let node = try WirePeer(port: hub.port, as: .node, name: "n1")
        let instance = Array(repeating: UInt8(1), count: 16)
        _ = try node.ask(
            .registerNode(Proto.RegisterNode(instance: instance[...], capabilities: ["web"], capacity: 1)))
        #expect(
            try run(["explain", "target", id], hub).output.contains("  leased: n1 collects from it, under lease 1\n"))
        #expect(try run(["explain", "node", "n1"], hub).output.contains("  no_capacity: n1 collects 1 of 1\n"))
        #expect(try run(["decisions", "--target", id], hub).output.contains("lease 1 under fence"))
        let json = try run(["decisions", "--node", "n1", "--json"], hub).output
        #expect(json.contains("\"what\": \"assigned\""))
        #expect(json.contains("\"why\": \"registered with capacity 1\""))
        #expect(try run(["targets", "show", id, "--json"], hub).output.contains("\"who\": \"orchestrator\""))

        #expect(try run(["nodes", "drain", "n1"], hub).output == "n1 is now draining\n")
        #expect(try run(["nodes", "drain", "n1"], hub).output == "n1 was so already: draining\n")
        #expect(try run(["nodes", "undrain", "n1"], hub).output == "n1 is now busy\n")
        #expect(try run(["nodes", "list"], hub).output.contains("healthy"))
        #expect(
            try run(["nodes", "remove", "n1"], hub, 1).errors.contains(
                "\"n1\" is connected and busy; stop it first, then remove it"))
        #expect(try run(["decisions", "--actor", "operator"], hub).output.contains("draining to busy, by an operator"))
    }
}
