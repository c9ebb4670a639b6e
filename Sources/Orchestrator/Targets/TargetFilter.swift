import Model
import Wire

/// Which targets an operator means.
struct TargetFilter: Sendable {
    private let state: String
    private let type: TargetType?
    private let label: (key: String, value: String)?
    private let host: String
    private let text: String

    init(_ message: Proto.TargetFilter) throws(FieldError) {
        state = message.state
        host = message.host.lowercased()
        text = message.text
        guard state.isEmpty || TargetState.names.contains(state) else {
            let names = TargetState.names.joined(separator: ", ")
            throw FieldError("state", "\(quoted(state)) is no state; use \(names)")
        }
        type = TargetType(name: message.type)
        guard message.type.isEmpty || type != nil else {
            throw FieldError(
                "type", "\(quoted(message.type)) is not a type of target; use one of \(TargetType.names)")
        }
        if message.label.isEmpty {
            label = nil
        } else {
            guard let equals = message.label.firstIndex(of: "="), equals > message.label.startIndex else {
                throw FieldError("label", "\(quoted(message.label)) is no label; write KEY=VALUE")
            }
            label = (
                String(message.label[..<equals]), String(message.label[message.label.index(after: equals)...])
            )
        }
    }

    /// Nothing is asked for, so that everything is meant.
    var isEmpty: Bool { state.isEmpty && type == nil && label == nil && host.isEmpty && text.isEmpty }

    func matches(_ entry: TargetEntry) -> Bool {
        if !state.isEmpty, entry.target.state.name != state { return false }
        if let type, entry.type != type { return false }
        if let label, entry.details?.spec.labels[label.key] != label.value { return false }
        if !host.isEmpty, Location.host(of: entry.location) != host { return false }
        return text.isEmpty || entry.location.contains(text)
    }
}
