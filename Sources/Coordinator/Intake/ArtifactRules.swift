package import Model
import Normalisation
package import Wire

/// Why one artifact was refused: the field, and a sentence with its value and what would be accepted.
package struct Refusal: Error, Equatable, Sendable {
    package var field: String
    package var message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

extension Refusal {
    /// What is refused stays refused, even where it would be taken now.
    static let refusedBefore = Refusal(
        "collected_at_ms",
        "the item was refused when it came first, because its collected_at_ms lay ahead of the coordinator; that is "
            + "final: set the node's clock, and collect it again")
}

/// What an artifact must be to be kept. One that is not never costs its batch-mates.
package enum ArtifactRules {
    package static func check(_ artifact: Proto.Artifact, now: WallTime) -> Refusal? {
        lasting(artifact) ?? time(artifact, now: now)
    }

    /// What is wrong with it whenever it comes.
    static func lasting(_ artifact: Proto.Artifact) -> Refusal? {
        content(artifact) ?? source(artifact) ?? scores(artifact) ?? metadata(artifact)
            ?? signals(artifact.signals, "signals")
    }

    private static func content(_ artifact: Proto.Artifact) -> Refusal? {
        let type = artifact.contentType
        if type.isEmpty {
            return Refusal("content_type", "content_type is missing; name one, such as text, html or json")
        }
        if type.utf8.count > Limits.maxContentType {
            return Refusal(
                "content_type",
                "content_type has \(type.utf8.count) bytes; at most \(Limits.maxContentType) are accepted")
        }
        if artifact.content.isEmpty {
            return Refusal("content", "content is empty; send only artifacts that say something")
        }
        if artifact.content.count > Limits.maxContent {
            return Refusal(
                "content", "content has \(artifact.content.count) bytes; at most \(Limits.maxContent) are accepted")
        }
        if type == "text", let offset = firstInvalidUTF8(artifact.content) {
            return Refusal(
                "content", "content of type text is not UTF-8 at byte \(offset); re-encode it or send it as binary")
        }
        return nil
    }

    private static func source(_ artifact: Proto.Artifact) -> Refusal? {
        let length = artifact.rawSource.utf8.count
        guard length > Limits.maxRawSource else { return nil }
        return Refusal("raw_source", "raw_source has \(length) bytes; at most \(Limits.maxRawSource) are accepted")
    }

    private static func scores(_ artifact: Proto.Artifact) -> Refusal? {
        range("confidence", artifact.confidence, 1) ?? range("threat_level", artifact.threatLevel, 10)
            ?? range("opportunity_value", artifact.opportunityValue, 10)
    }

    private static func range(_ field: String, _ value: Double?, _ upper: Double) -> Refusal? {
        guard let value, !(value >= 0 && value <= upper) else { return nil }
        return Refusal(field, "\(field) is \(value); a number from 0 to \(Int(upper)) is accepted, or none")
    }

    /// What a source says about the use of its content: of the size of metadata, as what came in a header is.
    static func signals(_ signals: StringMap, _ field: String) -> Refusal? {
        if signals.count > Limits.maxMetadataKeys {
            return Refusal(field, "\(field) has \(signals.count) keys; at most \(Limits.maxMetadataKeys) are accepted")
        }
        let long = signals.first {
            $0.key.isEmpty || $0.key.utf8.count > Limits.maxMetadataKey
                || $0.value.utf8.count > Limits.maxMetadataValue
        }
        return long.map { pair in
            Refusal(
                field,
                "\(field) has a key of \(pair.key.utf8.count) bytes with a value of \(pair.value.utf8.count); "
                    + "1 to \(Limits.maxMetadataKey) and at most \(Limits.maxMetadataValue) are accepted")
        }
    }

    private static func metadata(_ artifact: Proto.Artifact) -> Refusal? {
        if artifact.metadata.count > Limits.maxMetadataKeys {
            return Refusal(
                "metadata",
                "metadata has \(artifact.metadata.count) keys; at most \(Limits.maxMetadataKeys) are accepted")
        }
        for pair in artifact.metadata {
            let (key, value) = (pair.key, pair.value)
            if key.isEmpty || key.utf8.count > Limits.maxMetadataKey {
                return Refusal(
                    "metadata",
                    "a metadata key has \(key.utf8.count) bytes; 1 to \(Limits.maxMetadataKey) are accepted")
            }
            if value.utf8.count > Limits.maxMetadataValue {
                return Refusal(
                    "metadata",
                    "metadata value of \(key) has \(value.utf8.count) bytes; "
                        + "at most \(Limits.maxMetadataValue) are accepted")
            }
        }
        return nil
    }

    static func time(_ artifact: Proto.Artifact, now: WallTime) -> Refusal? {
        // The peer's number may be any: only one that lies ahead is safe to subtract from.
        guard artifact.collectedAtMs > now.milliseconds + Limits.clockTolerance else { return nil }
        let ahead = artifact.collectedAtMs - now.milliseconds
        return Refusal(
            "collected_at_ms",
            "collected_at_ms lies \(ahead / 1_000) s ahead of the coordinator; "
                + "at most \(Limits.clockTolerance / 1_000) s are accepted: set the node's clock")
    }
}
