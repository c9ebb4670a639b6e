import Chaos
import Model
import Testing
import Wire

@Suite struct FaultRegistryTests {
    private let start = Instant(nanoseconds: 1_000)

    private func request(
        _ kind: Proto.FaultKind = .cutConnection, node: String = "n1", ms: UInt32 = 1_000, delay: UInt32 = 0,
        key: UInt8 = 1
    ) -> Proto.ChaosInject {
        Proto.ChaosInject(
            key: ArraySlice(repeating: key, count: 16), fault: kind, node: node, durationMs: ms, delayMs: delay)
    }

    @Test func everyFaultEndsByItself() throws {
        var registry = FaultRegistry(isAllowed: true)
        let (fault, _) = try registry.inject(request(ms: 500), connected: { _ in true }, now: start)
        #expect(registry.isCut("n1", now: start + .milliseconds(499)))
        #expect(!registry.isCut("n1", now: start + .milliseconds(500)))
        #expect(registry.expire(now: start + .milliseconds(500)) == [fault])
        #expect(registry.active(now: start + .milliseconds(500)) == [])
    }

    @Test func askingAgainWithTheSameKeyChangesNothing() throws {
        var registry = FaultRegistry(isAllowed: true)
        let first = try registry.inject(request(), connected: { _ in true }, now: start)
        let again = try registry.inject(request(ms: 9_000), connected: { _ in true }, now: start + .milliseconds(1))
        #expect(first.isNew)
        #expect(!again.isNew)
        #expect(again.fault == first.fault)
        #expect(registry.active(now: start).count == 1)
    }

    @Test func aDelayHoldsOnlyItsNode() throws {
        var registry = FaultRegistry(isAllowed: true)
        _ = try registry.inject(request(.delay, delay: 250), connected: { _ in true }, now: start)
        #expect(registry.delay(of: "n1", now: start) == .milliseconds(250))
        #expect(registry.delay(of: "n2", now: start) == nil)
        #expect(!registry.isCut("n1", now: start))
    }

    @Test func clearEndsOneOrAll() throws {
        var registry = FaultRegistry(isAllowed: true)
        let (one, _) = try registry.inject(request(key: 1), connected: { _ in true }, now: start)
        let (two, _) = try registry.inject(request(node: "n2", key: 2), connected: { _ in true }, now: start)
        #expect(registry.clear(two.id, now: start) == [two])
        #expect(registry.active(now: start) == [one])
        #expect(registry.clear(0, now: start) == [one])
        #expect(registry.active(now: start) == [])
    }

    @Test(arguments: [
        (
            FaultRefusal.unknownKind(0),
            Proto.ChaosInject(key: ArraySlice(repeating: 1, count: 16), node: "n1", durationMs: 1)
        ),
        (.noNode, Proto.ChaosInject(key: ArraySlice(repeating: 1, count: 16), fault: .killNode, durationMs: 1)),
        (.key(0), Proto.ChaosInject(fault: .killNode, node: "n1", durationMs: 1)),
        (.duration(0), Proto.ChaosInject(key: ArraySlice(repeating: 1, count: 16), fault: .killNode, node: "n1")),
        (
            .delay(0),
            Proto.ChaosInject(key: ArraySlice(repeating: 1, count: 16), fault: .delay, node: "n1", durationMs: 1)
        ),
        (
            .unknownNode("n9"),
            Proto.ChaosInject(
                key: ArraySlice(repeating: 1, count: 16), fault: .delay, node: "n9", durationMs: 1, delayMs: 1)
        ),
    ])
    func aBadRequestIsRefusedByField(refusal: FaultRefusal, request: Proto.ChaosInject) {
        var registry = FaultRegistry(isAllowed: true)
        #expect(throws: refusal) {
            _ = try registry.inject(request, connected: { $0 == "n1" }, now: start)
        }
    }

    @Test func nothingIsInjectedWhereChaosIsOff() {
        var registry = FaultRegistry(isAllowed: false)
        #expect(throws: FaultRefusal.notAllowed) {
            _ = try registry.inject(request(), connected: { _ in true }, now: start)
        }
        #expect(FaultRefusal.notAllowed.description.hasSuffix("start the hub with --allow-chaos to allow them"))
    }
}
