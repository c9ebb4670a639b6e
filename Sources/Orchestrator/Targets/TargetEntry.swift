import Model
import Wire

/// What an operator gave beyond what decides when and where a target is collected: labels, metadata, scores, limits.
/// Few targets have any, so it lies elsewhere.
final class TargetDetails: Sendable {
    /// Only those fields are set.
    let spec: Proto.TargetSpec

    init(_ spec: Proto.TargetSpec) { self.spec = spec }
}

/// One row of the orchestrator's table.
struct TargetEntry: Sendable {
    var target: Target
    let type: TargetType
    let location: String
    /// Set where it is not the type's own.
    var capability: String?
    let pin: String
    var place: WorkPlace
    var details: TargetDetails?
    var hasBookmark = false

    var requirement: Requirement { Requirement(capability: capability ?? type.name, pin: pin) }
}
