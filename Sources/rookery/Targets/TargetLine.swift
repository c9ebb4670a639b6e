import Telemetry
import Wire

/// A target as one line of JSON: what `targets export` writes and `submit --file` reads. Names are those of the wire.
enum TargetLine {
    struct Wrong: Error, Equatable {
        let field: String
        let sentence: String
    }

    private static let schedules: [(String, Proto.ScheduleKind)] = [
        ("interval", .interval), ("once", .once), ("cron", .cron), ("adaptive", .adaptive),
    ]

    static func read(_ line: some Sequence<UInt8>) throws(Wrong) -> Proto.TargetSpec {
        guard let members = JSONValue(line)?.object else {
            throw Wrong(
                field: "line", sentence: "it is no JSON object; write one such as {\"location\": \"https://…\"}")
        }
        var spec = Proto.TargetSpec()
        // In one order, so that of several mistakes always the same one is named.
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { try take(name, value, &spec) }
        if spec.type.isEmpty { spec.type = spec.location.hasPrefix("/") ? "file" : "web" }
        return spec
    }

    private static func take(_ name: String, _ value: JSONValue, _ spec: inout Proto.TargetSpec) throws(Wrong) {
        switch name {
        case "type": spec.type = try text(name, value)
        case "location": spec.location = try text(name, value)
        case "capability": spec.capability = try text(name, value)
        case "cron": spec.cron = try text(name, value)
        case "schedule":
            let word = try text(name, value)
            guard let kind = schedules.first(where: { $0.0 == word }) else {
                throw Wrong(field: name, sentence: "\"\(word)\" is no schedule; use interval, once, cron or adaptive")
            }
            spec.schedule = kind.1
        case "priority": spec.priority = UInt32(try integer(name, value))
        case "interval_s": spec.intervalS = UInt32(try integer(name, value))
        case "min_retry_interval_s": spec.minRetryIntervalS = UInt32(try integer(name, value))
        case "max_bytes": spec.maxBytes = try integer(name, value, most: 1 << 53)
        case "confidence": spec.confidence = try number(name, value)
        case "threat_level": spec.threatLevel = try number(name, value)
        case "opportunity_value": spec.opportunityValue = try number(name, value)
        case "labels": spec.labels = try texts(name, value)
        case "metadata": spec.metadata = try texts(name, value)
        default: throw Wrong(field: name, sentence: "a target has no such field; docs/PROTOCOL.md names them")
        }
    }

    private static func text(_ name: String, _ value: JSONValue) throws(Wrong) -> String {
        if let text = value.string { return text }
        throw Wrong(field: name, sentence: "it is no text; put it in quotation marks")
    }

    private static func integer(
        _ name: String, _ value: JSONValue, most: UInt64 = UInt64(UInt32.max)
    ) throws(Wrong) -> UInt64 {
        if let whole = value.integer(in: 0...most) { return whole }
        throw Wrong(field: name, sentence: "it is no whole number from 0 to \(most)")
    }

    private static func number(_ name: String, _ value: JSONValue) throws(Wrong) -> Double {
        if let number = value.number { return number }
        throw Wrong(field: name, sentence: "it is no number")
    }

    private static func texts(_ name: String, _ value: JSONValue) throws(Wrong) -> StringMap {
        guard let members = value.object else {
            throw Wrong(field: name, sentence: "it is no object of texts such as {\"key\": \"value\"}")
        }
        var map = StringMap()
        for (key, value) in members.sorted(by: { $0.key < $1.key }) { map[key] = try text("\(name).\(key)", value) }
        return map
    }

    // MARK: Writing

    static func write(_ spec: Proto.TargetSpec) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("type", spec.type)
            writer.field("location", spec.location)
            if let priority = spec.priority { writer.field("priority", priority) }
            if let kind = schedules.first(where: { $0.1 == spec.schedule }) { writer.field("schedule", kind.0) }
            if !spec.cron.isEmpty { writer.field("cron", spec.cron) }
            if let seconds = spec.intervalS { writer.field("interval_s", seconds) }
            if let seconds = spec.minRetryIntervalS { writer.field("min_retry_interval_s", seconds) }
            if !spec.capability.isEmpty { writer.field("capability", spec.capability) }
            write("labels", spec.labels, &writer)
            write("metadata", spec.metadata, &writer)
            if let value = spec.confidence { writer.field("confidence") { $0.double(value) } }
            if let value = spec.threatLevel { writer.field("threat_level") { $0.double(value) } }
            if let value = spec.opportunityValue { writer.field("opportunity_value") { $0.double(value) } }
            if let bytes = spec.maxBytes { writer.field("max_bytes", bytes) }
        }
        return writer.text
    }

    private static func write(_ name: String, _ map: StringMap, _ writer: inout JSONWriter) {
        guard !map.isEmpty else { return }
        writer.field(name) { writer in
            writer.object { writer in for pair in map { writer.field(pair.key, pair.value) } }
        }
    }
}
