import Model
import Transport
import Wire

/// Where a node's leases come from and where its batches go: over one connection where a hub has both roles, over two
/// where each is a process of its own. Pure; the connections are its owner's.
struct HubLinks: Equatable {
    /// The address that the operator gave, and the one that was learned there.
    enum Place: Hashable, Sendable {
        case door
        case other
    }

    enum Part: Equatable {
        case both
        case leases
        case intake

        var word: String {
            switch self {
            case .both: "leases and intake"
            case .leases: "leases"
            case .intake: "intake"
            }
        }
    }

    private var doorServes = Proto.Role.unspecified
    private(set) var otherAddress: SocketAddress?

    /// What happens there concerns this part of the node.
    func part(_ place: Place) -> Part {
        switch (doorServes, place) {
        case (.coordinator, .door), (.orchestrator, .other): .intake
        case (.orchestrator, .door), (.coordinator, .other): .leases
        default: .both
        }
    }

    func place(of part: Part) -> Place {
        switch (doorServes, part) {
        case (.coordinator, .leases), (.orchestrator, .intake): .other
        default: .door
        }
    }

    /// True: the other connection is of no more use, and a new one is wanted if there is another address.
    mutating func welcomed(at place: Place, _ welcome: Proto.Welcome) -> Bool {
        guard place == .door else { return false }
        let before = self
        doorServes = welcome.serves
        let text =
            switch welcome.serves {
            case .coordinator: welcome.orchestratorAddress
            case .orchestrator: welcome.coordinatorAddress
            default: ""
            }
        otherAddress = try? SocketAddress(text, defaultPort: Limits.defaultPort)
        return self != before
    }
}
