import Model
import Testing

@testable import Simulation

/// A network between one client and a hub that keeps what it is sent.
private final class Line {
    let simulation = Simulation(seed: 4)
    var toHub: [UInt8] = []
    var hubSawEnd = false
    var clientSawOpen = false
    var clientSawEnd = false
    var refused = 0
    var isReachable = true
    private(set) var cable: Cable?

    func connect(accepting: Bool = true) {
        simulation.network.isHubReachable = { [unowned self] in isReachable }
        simulation.network.accept = { [unowned self] cable in
            cable.server = { [unowned self] event in
                switch event {
                case .bytes(let bytes): toHub += bytes
                case .closed: hubSawEnd = true
                case .opened: break
                }
            }
            return accepting
        }
        let cable = simulation.network.connect(client: 0) { [unowned self] in refused += 1 }
        cable.client = { [unowned self] event in
            switch event {
            case .opened: clientSawOpen = true
            case .closed: clientSawEnd = true
            case .bytes: break
            }
        }
        self.cable = cable
    }

    func wait(_ span: Span = .seconds(5)) { simulation.run(until: simulation.now + span) }
}

@Suite("The virtual network keeps TCP's promises")
struct NetworkTests {
    private let bytes = (0..<200).map { UInt8($0) }

    @Test("The bytes of one connection come in order, however they are cut and delayed")
    func order() {
        let line = Line()
        line.connect()
        line.simulation.network.paths[0].slices = true
        line.simulation.network.paths[0].lossInThousand = 500
        line.simulation.network.paths[0].jitter = .milliseconds(500)
        for start in stride(from: 0, to: 200, by: 20) { line.cable?.send(.up, Array(bytes[start..<start + 20])) }
        line.wait(.minutes(3))
        #expect(line.clientSawOpen)
        #expect(line.toHub == bytes)
    }

    @Test("What was sent before a close still comes, then the close")
    func close() {
        let line = Line()
        line.connect()
        line.wait()
        line.cable?.send(.up, bytes)
        line.cable?.close(.up)
        #expect(line.cable?.isLeftByClient == true)
        line.wait()
        #expect(line.toHub == bytes)
        #expect(line.hubSawEnd)
        #expect(!line.clientSawEnd)
    }

    @Test("A partition holds bytes back and gives them when it ends")
    func partition() {
        let line = Line()
        line.connect()
        line.wait()
        line.simulation.network.paths[0].blockedUntil = [line.simulation.now + .seconds(20), .zero]
        line.cable?.send(.up, bytes)
        line.wait(.seconds(19))
        #expect(line.toHub.isEmpty)
        line.wait(.seconds(3))
        #expect(line.toHub == bytes)
    }

    @Test("A black hole swallows bytes, and nobody is told")
    func blackHole() {
        let line = Line()
        line.connect()
        line.wait()
        line.cable?.swallow(.up)
        line.cable?.send(.up, bytes)
        line.wait(.minutes(10))
        #expect(line.toHub.isEmpty)
        #expect(!line.hubSawEnd)
        #expect(!line.clientSawEnd)
    }

    @Test("A reset is learnt by both ends, and ends what is on its way")
    func reset() {
        let line = Line()
        line.connect()
        line.wait()
        line.cable?.reset()
        line.wait()
        line.cable?.send(.up, bytes)
        line.wait()
        #expect(line.hubSawEnd)
        #expect(line.clientSawEnd)
        #expect(line.toHub.isEmpty)
        #expect(line.cable?.isOver == true)
    }

    @Test("A machine that is up refuses for a process that is not; one that is down says nothing")
    func refusal() {
        let up = Line()
        up.connect(accepting: false)
        up.wait()
        #expect(up.refused == 1)
        let down = Line()
        down.isReachable = false
        down.connect()
        down.wait()
        #expect(down.refused == 0)
        #expect(!down.clientSawOpen)
    }

    @Test("After a power cut the other end learns when the machine is back and it sends again")
    func powerCut() {
        let line = Line()
        line.connect()
        line.wait()
        line.cable?.abandon(.down)
        line.isReachable = false
        line.cable?.send(.up, bytes)
        line.wait()
        #expect(!line.clientSawEnd)
        line.isReachable = true
        line.cable?.send(.up, bytes)
        line.wait()
        #expect(line.clientSawEnd)
    }
}
