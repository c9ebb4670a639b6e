import Model
import Wire

/// An operator who submits every target, asks again until each submission is answered, and now and then says the same
/// again under the same key.
final class OperatorProcess: Process {
    private let number: Int
    private var link: ClientLink?
    private var chunks: [(key: [UInt8], targets: [Proto.TargetSpec])] = []
    private var answered: Set<Int> = []
    private var verdicts: [Int: [Proto.TargetVerdict]] = [:]

    init(_ simulation: Simulation, number: Int) {
        self.number = number
        super.init(simulation, name: "operator")
    }

    var isDone: Bool { answered.count == chunks.count }

    func start() {
        rise()
        for target in 0..<simulation.plan.targets {
            let range = simulation.plan.intervalSeconds
            let interval = range.lowerBound + simulation.random.below(range.upperBound - range.lowerBound + 1)
            chunks.append(
                (
                    simulation.random.bytes(16),
                    [
                        Proto.TargetSpec(
                            type: "web", location: Site.location(of: target),
                            priority: UInt32(1 + simulation.random.below(10)),
                            schedule: simulation.random.oneIn(10) ? .once : .interval, intervalS: UInt32(interval),
                            minRetryIntervalS: 2)
                    ]
                ))
        }
        let link = ClientLink(self, number: number, role: .operator) { [unowned self] in take($0) }
        self.link = link
        link.connect()
    }

    private func take(_ event: ClientLink.Event) {
        switch event {
        case .connected: submit()
        case .answer(let tag, .submitTargetsReply(let reply)): take(reply, place: Int(tag) - 1)
        case .answer, .message, .disconnected: break
        }
    }

    private func take(_ reply: Proto.SubmitTargetsReply, place: Int) {
        if let before = verdicts[place] {
            simulation.count(.submissionRepeated)
            if before != reply.verdicts {
                simulation.fail(
                    .countedOnce, "a submission under one key was answered \(before), then \(reply.verdicts)")
            }
        }
        verdicts[place] = reply.verdicts
        answered.insert(place)
        if reply.verdicts.contains(where: { $0.result == .refused }) {
            simulation.fail(.progress, "a good target was refused: \(reply.verdicts)")
        }
    }

    /// What is not answered is asked again, and one of the others as well.
    private func submit() {
        for (place, chunk) in chunks.enumerated() where !answered.contains(place) || simulation.random.oneIn(8) {
            link?.ask(
                .submitTargets(Proto.SubmitTargets(key: chunk.key[...], targets: chunk.targets)),
                tag: UInt64(place + 1))
        }
        after(.seconds(10)) { [unowned self] in
            if !isDone, link?.isOpen == true { submit() }
        }
    }
}
