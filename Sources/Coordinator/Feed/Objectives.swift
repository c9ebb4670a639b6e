/// What a scenario can teach. Raw values are stored; they never change.
package struct Objectives: OptionSet, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }

    package static let highThreatResponse = Objectives(rawValue: 1)
    package static let crisisManagement = Objectives(rawValue: 2)
    package static let highValueExtraction = Objectives(rawValue: 4)
    package static let strategicPlanning = Objectives(rawValue: 8)
    package static let patternRecognition = Objectives(rawValue: 16)
    package static let crossDomainSynthesis = Objectives(rawValue: 32)

    /// Given to a scenario when none of the last hundred had them.
    static let rare: Objectives = [.patternRecognition, .crossDomainSynthesis]

    private static let all: [(Objectives, String)] = [
        (.highThreatResponse, "high_threat_response"), (.crisisManagement, "crisis_management"),
        (.highValueExtraction, "high_value_extraction"), (.strategicPlanning, "strategic_planning"),
        (.patternRecognition, "pattern_recognition"), (.crossDomainSynthesis, "cross_domain_synthesis"),
    ]

    package var names: [String] { Objectives.all.filter { contains($0.0) }.map(\.1) }
}
