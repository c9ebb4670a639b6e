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
    var trail = DecisionTrail(isKnown: false)

    /// All that was submitted, defaults included: submitting it again changes nothing, and elsewhere makes its equal.
    var spec: Proto.TargetSpec {
        var spec = details?.spec ?? Proto.TargetSpec()
        spec.type = type.name
        spec.location = location
        spec.capability = capability ?? ""
        spec.priority = UInt32(target.priority)
        spec.minRetryIntervalS = UInt32(clamping: target.timing.minRetry.milliseconds / 1_000)
        let interval = UInt32(clamping: target.timing.interval.milliseconds / 1_000)
        switch target.timing.plan {
        case .interval: (spec.schedule, spec.intervalS) = (.interval, interval)
        case .once: spec.schedule = .once
        case .adaptive: (spec.schedule, spec.intervalS) = (.adaptive, interval)
        case .cron: spec.schedule = .cron
        }
        return spec
    }

    var requirement: Requirement { Requirement(capability: capability ?? type.name, pin: pin) }
}
