import Model
import Wire

/// Why a target, or a message, is not accepted: the field, its value, and what would be.
struct FieldError: Error, Hashable, Sendable {
    let field: String
    let sentence: String

    init(_ field: String, _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }
}

/// The metadata key that says to which node, or to nodes with which label, a target belongs.
let pinKey = "node"

/// A submitted target whose fields are all good.
struct ValidTarget: Sendable {
    let type: TargetType
    let pin: String
    let spec: Proto.TargetSpec

    init(_ spec: Proto.TargetSpec) throws(FieldError) {
        guard let type = TargetType(name: spec.type) else {
            throw FieldError("type", "\(quoted(spec.type)) is not a type of target; use one of \(TargetType.names)")
        }
        self.type = type
        self.spec = spec
        pin = type.belongsToHost ? try ValidTarget.pin(of: spec, type) : ""
        try ValidTarget.checkLocation(spec.location, type)
        try ValidTarget.checkNumbers(spec)
        try ValidTarget.checkTexts(spec)
    }

    private static func pin(of spec: Proto.TargetSpec, _ type: TargetType) throws(FieldError) -> String {
        if let pin = spec.metadata[pinKey], !pin.isEmpty { return pin }
        throw FieldError(
            "metadata.node",
            "a target of type \(type.name) belongs to a host and names none; "
                + "give a node's name, or a label as key=value"
        )
    }

    private static func checkLocation(_ location: String, _ type: TargetType) throws(FieldError) {
        if location.isEmpty { throw FieldError("location", "it is empty; say where to collect from") }
        let length = location.utf8.count
        if length > Limits.maxLocation {
            throw FieldError("location", "it has \(length) bytes; at most \(Limits.maxLocation) are accepted")
        }
        guard type.needsURL || (type == .dataset && Location.hasScheme(location)) else { return }
        if Location.hasForbiddenBytes(location) {
            throw FieldError("location", "\(quoted(location)) has white space or control characters; write them as %20")
        }
        if Location.host(of: location) == nil {
            throw FieldError(
                "location", "\(quoted(location)) is not an http or https URL; a \(type.name) target needs one")
        }
    }

    private static func checkNumbers(_ spec: Proto.TargetSpec) throws(FieldError) {
        if let priority = spec.priority { try check("priority", priority, 1...Limits.maxPriority, "") }
        let days = 1...UInt32(Limits.maxInterval.milliseconds / 1_000)
        if let interval = spec.intervalS { try check("interval_s", interval, days, " s") }
        if let retry = spec.minRetryIntervalS { try check("min_retry_interval_s", retry, days, " s") }
        try Timing.check(spec)
        let scores = [
            ("confidence", spec.confidence), ("threat_level", spec.threatLevel),
            ("opportunity_value", spec.opportunityValue),
        ]
        for case (let field, let score?) in scores where !(0...1).contains(score) {
            throw FieldError(field, "\(score) is out of range; use 0 to 1")
        }
    }

    private static func checkTexts(_ spec: Proto.TargetSpec) throws(FieldError) {
        let metadata = spec.metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if metadata > Limits.maxTargetMetadata {
            throw FieldError(
                "metadata",
                "its keys and values have \(metadata) bytes; at most \(Limits.maxTargetMetadata) are accepted")
        }
        try checkLabels(spec.labels)
        let length = spec.capability.utf8.count
        if length > Limits.maxNodeName {
            throw FieldError("capability", "it has \(length) bytes; at most \(Limits.maxNodeName) are accepted")
        }
    }

    private static func check(
        _ field: String, _ value: UInt32, _ range: ClosedRange<UInt32>, _ unit: String
    ) throws(FieldError) {
        if range.contains(value) { return }
        throw FieldError(
            field, "\(value)\(unit) is out of range; use \(range.lowerBound) to \(range.upperBound)\(unit)")
    }
}

func checkLabels(_ labels: StringMap) throws(FieldError) {
    if labels.count > Limits.maxLabels {
        throw FieldError("labels", "there are \(labels.count); at most \(Limits.maxLabels) are accepted")
    }
    for label in labels {
        let length = label.key.utf8.count + label.value.utf8.count
        if length > Limits.maxLabel {
            throw FieldError(
                "labels",
                "\(quoted(label.key)) has \(length) bytes with its value; at most \(Limits.maxLabel) are accepted")
        }
    }
}

/// A value as an error shows it: short, whatever was sent.
func quoted(_ text: String) -> String {
    text.utf8.count <= 80 ? "\"\(text)\"" : "\"\(String(decoding: text.utf8.prefix(77), as: UTF8.self))...\""
}
