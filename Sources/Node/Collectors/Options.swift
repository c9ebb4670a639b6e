import Model
import Wire

/// What a target's metadata says about how to collect it: keys that begin with "collect.". They are not copied to
/// artifacts.
struct Options {
    static let prefix = "collect."

    private let metadata: StringMap

    init(_ assignment: Proto.Assignment) { metadata = assignment.metadata }

    subscript(name: String) -> String? { metadata[Options.prefix + name].flatMap { $0.isEmpty ? nil : $0 } }

    func flag(_ name: String) throws(CollectionFailure) -> Bool {
        switch self[name] {
        case nil, "no": return false
        case "yes": return true
        case let other?: throw Options.refusal(name, other, "yes or no")
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>, otherwise: Int) throws(CollectionFailure) -> Int {
        guard let text = self[name] else { return otherwise }
        guard let number = Int(text), range.contains(number) else {
            throw Options.refusal(name, text, "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Those whose names begin so, with the rest of their names.
    func all(under start: String) -> [(name: String, value: String)] {
        metadata.compactMap { pair in
            pair.key.hasPrefix(Options.prefix + start)
                ? (String(pair.key.dropFirst(Options.prefix.count + start.count)), pair.value) : nil
        }
    }

    func required(_ name: String, _ what: String) throws(CollectionFailure) -> String {
        if let value = self[name] { return value }
        throw CollectionFailure(.failedTarget, "metadata \(Options.prefix)\(name) is missing; give \(what)")
    }

    static func refusal(_ name: String, _ value: String, _ accepted: String) -> CollectionFailure {
        CollectionFailure(
            .failedTarget, "metadata \(prefix)\(name) is \"\(value.prefix(utf8: 80))\"; give \(accepted)")
    }
}
