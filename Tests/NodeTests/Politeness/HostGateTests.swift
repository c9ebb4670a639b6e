import Model
import Testing
import Transport
import Wire

@testable import Node

@Suite("Politeness")
struct HostGateTests {
    private func with(_ body: (HostGate) async throws -> Void) async throws {
        let loop = try EventLoop(name: "gate-test")
        let gate = HostGate(on: loop, time: SystemTime())
        do { try await body(gate) } catch { Issue.record(error) }
        await gate.close()
        loop.stop()
    }

    private func pass(_ host: String = "a", concurrency: UInt32 = 1, delay: UInt32 = 0) -> HostGate.Pass {
        HostGate.Pass(host: host, budget: .init(host: host, concurrency: concurrency, delayMs: delay))
    }

    @Test("a host takes as many at once as its budget says, first come first, and others do not wait for it")
    func concurrency() async throws {
        try await with { gate in
            let two = pass(concurrency: 2)
            #expect(await gate.enter(two))
            #expect(await gate.enter(two))
            let third = Task { await gate.enter(two) }
            #expect(await gate.enter(pass("b")))
            await gate.leave(two)
            #expect(await third.value)
        }
    }

    @Test("visits to a host lie its delay apart")
    func delay() async throws {
        try await with { gate in
            let slow = pass(concurrency: 8, delay: 40)
            let start = SystemTime().now()
            for _ in 0..<3 { #expect(await gate.enter(slow)) }
            #expect(SystemTime().now().since(start) >= .milliseconds(80))
        }
    }

    @Test("a cancelled wait ends, and its place goes to the next; an idle host is forgotten")
    func cancelled() async throws {
        try await with { gate in
            #expect(await gate.enter(pass()))
            let second = Task { await gate.enter(pass()) }
            second.cancel()
            #expect(await second.value == false)
            let third = Task { await gate.enter(pass()) }
            await gate.leave(pass())
            #expect(await third.value)
            await gate.leave(pass())
            #expect(await gate.count == 0)
        }
    }

    @Test("without a budget one at a time")
    func noBudget() {
        let pass = HostGate.Pass(host: "a", budget: nil)
        #expect(pass.concurrency == 1)
        #expect(pass.delay == .zero)
    }
}
