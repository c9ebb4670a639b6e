import Model
import Storage
import Telemetry
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// The actor around the core: a real thread, a real clock, and effects as they come.
@Suite struct ServiceTests {
    private struct Running {
        let service: OrchestratorService
        let directory: TemporaryDirectory
        let effects: AsyncStream<OrchestratorEffect>

        /// Nil when the service has ended without it.
        func first<T>(_ match: (OrchestratorEffect) -> T?) async -> T? {
            for await effect in effects { if let found = match(effect) { return found } }
            return nil
        }

        func assignment() async -> Proto.Assignment? { await first { [$0].assignments.first } }
    }

    private func make(in directory: TemporaryDirectory = TemporaryDirectory()) throws -> Running {
        let (effects, effect) = AsyncStream.makeStream(of: OrchestratorEffect.self)
        var configuration = OrchestratorConfiguration(incarnation: 1)
        configuration.politeness = Politeness(concurrency: 9, delay: .milliseconds(20))
        let service = try OrchestratorService(
            path: directory.path + "/orchestrator.db", configuration: configuration, time: SystemTime(), log: .none
        ) { for each in $0 { effect.yield(each) } }
        return Running(service: service, directory: directory, effects: effects)
    }

    private func register() -> OrchestratorInput {
        let message = Proto.RegisterNode(
            instance: Array(repeating: 1, count: 16)[...], capabilities: ["web"], capacity: 8)
        return .request(ConnectionID(1), name: "n", Proto.Envelope(id: 1, body: .registerNode(message)))
    }

    private func submit(_ specs: Proto.TargetSpec...) -> OrchestratorInput {
        let message = Proto.SubmitTargets(key: Array(repeating: 2, count: 16)[...], chunk: 0, targets: specs)
        return .request(ConnectionID(2), name: "op", Proto.Envelope(id: 1, body: .submitTargets(message)))
    }

    @Test func `what comes in is answered, and what is due later comes by itself`() async throws {
        let running = try make()
        for input in [register(), submit(page(1, host: "x.example"), page(2, host: "x.example"))] {
            running.service.submit(input)
        }
        #expect(await running.assignment()?.lease == 1)
        // Nothing more is sent: the host's delay ends, and the timer gives out the second.
        #expect(await running.assignment()?.lease == 2)
        #expect(running.service.status.targets.leased == 2)
        #expect(await running.service.nodes.map(\.name) == ["n"])
        await running.service.stop()
    }

    @Test func `what was committed is there when the service starts again`() async throws {
        let directory = TemporaryDirectory()
        let first = try make(in: directory)
        first.service.submit(submit(page(1)))
        await first.service.stop()
        let second = try make(in: directory)
        #expect(second.service.status.submitted == 1)
        await second.service.stop()
    }

    @Test func `who follows receipts is told from where on`() async throws {
        let running = try make()
        let (positions, position) = AsyncStream.makeStream(of: UInt64.self)
        await running.service.onStart { position.yield($0) }
        #expect(await positions.first { _ in true } == 0)
        await running.service.stop()
    }

    @Test func `a database that cannot be opened is an error of the start`() async throws {
        let other = try make()
        let error = #expect(throws: StorageError.self) { try make(in: other.directory) }
        #expect(error?.code == .stillOpen)
        await other.service.stop()
    }
}
