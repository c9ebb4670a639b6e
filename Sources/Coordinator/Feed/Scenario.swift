import Model
import Normalisation
package import Sealing
import Telemetry

/// Names a scenario everywhere: `s3-12` is the twelfth row of the outbox, decided in the third life of the data
/// directory. A restored copy never gives out a name again.
package struct ScenarioID: Hashable, Sendable, CustomStringConvertible {
    package var incarnation: UInt64
    package var sequence: UInt64

    package init(incarnation: UInt64, sequence: UInt64) {
        self.incarnation = incarnation
        self.sequence = sequence
    }

    /// Nil unless it is spelled as above.
    package init?(_ text: String) {
        let parts = text.dropFirst().split(separator: "-", omittingEmptySubsequences: false)
        guard text.first == "s", parts.count == 2, let incarnation = UInt64(parts[0]), let sequence = UInt64(parts[1])
        else { return nil }
        self.init(incarnation: incarnation, sequence: sequence)
    }

    package var description: String { "s\(incarnation)-\(sequence)" }
}

/// One training example made from an artifact, as it goes to the sink.
struct Scenario {
    var id: ScenarioID
    var artifact: StoredChange
    var objectives: Objectives
    var novelty: Double
    var pattern: PatternLabel?
    var at: WallTime
    var text: String

    /// One line of JSON with the same members in every line, so that the lines of many shards are one table.
    var line: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", id.description)
            json.field("source_artifact", "a\(artifact.id)")
            json.field("content_type", artifact.contentType)
            json.field("difficulty", orNull: artifact.threatLevel.map { min(10, $0) })
            json.field("learning_objectives") { json in
                json.array { json in for name in objectives.names { json.string(name) } }
            }
            json.field("training_data") { json in json.object(trainingData) }
            json.field("diversity_tags") { json in
                json.object { json in
                    json.field("type", artifact.contentType)
                    json.field("domain", artifact.domain)
                    json.field("node", artifact.node)
                    json.field("hour", Scenario.hour(artifact.collectedAt))
                }
            }
            json.field("novelty_score", novelty)
            json.field("fed_at", at.rfc3339)
        }
        return json.bytes
    }

    private func trainingData(_ json: inout JSONWriter) {
        json.field("input", String(String.UnicodeScalarView(text.unicodeScalars.prefix(Limits.feedInput))))
        json.field("expected_output") { json in
            json.object { json in
                json.field("threat_level", orNull: artifact.threatLevel)
                json.field("opportunity_value", orNull: artifact.opportunityValue)
                json.field("content_type", artifact.contentType)
                json.field("pattern") { json in
                    guard let pattern else { return json.null() }
                    json.object { json in
                        json.field("id", pattern.id)
                        json.field("terms") { json in
                            json.array { json in for term in pattern.terms { json.string(term) } }
                        }
                    }
                }
            }
        }
        json.field("context") { json in
            json.object { json in
                json.field("source", artifact.rawSource)
                json.field("collected_at", artifact.collectedAt.rfc3339)
                json.field("confidence", orNull: artifact.confidence)
            }
        }
    }

    /// Of the day, UTC.
    private static func hour(_ time: WallTime) -> Int64 {
        let inDay = time.milliseconds % 86_400_000
        return (inDay < 0 ? inDay + 86_400_000 : inDay) / 3_600_000
    }
}

/// What a sink is told when a source has withdrawn what was fed.
struct Tombstone {
    var id: ScenarioID
    var withdraws: ScenarioID
    var artifact: UInt64
    var reason: String
    var at: WallTime

    var line: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", id.description)
            json.field("withdraws", withdraws.description)
            json.field("source_artifact", "a\(artifact)")
            json.field("reason", reason)
            json.field("at", at.rfc3339)
        }
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func field(_ name: String, orNull value: Double?) {
        if let value { field(name, value) } else { nullField(name) }
    }
}

/// What makes two scenarios the same to the feed: type, domain and how the text begins.
package struct ScenarioKey {
    private let hash: KeyedHash
    private let normaliser = Normaliser()
    private static let scalars = 16 * Limits.kibibyte  // in which the words of a key are looked for

    package init() throws(SealingError) {
        // Not for secrecy: the lengths keep two lists of parts from being spelled alike.
        hash = try KeyedHash(
            key: [UInt8](repeating: 0, count: 32), personalisation: Array("rookery.scenario".utf8))
    }

    package func key(contentType: String, domain: String, text: String) -> Digest {
        let beginning = Array(
            String(String.UnicodeScalarView(text.unicodeScalars.prefix(ScenarioKey.scalars))).utf8)
        var normal: [UInt8] = []
        if normaliser.normalise(beginning[...], into: &normal) != .changed { normal = beginning }
        hash.reset()
        hash.updateLengthAndBytes(Array(contentType.utf8)[...])
        hash.updateLengthAndBytes(Array(domain.utf8)[...])
        for word in normal.split(separator: UInt8(ascii: " ")).prefix(Limits.feedKeyWords) {
            hash.updateLengthAndBytes(word)
        }
        return hash.finish()
    }
}
