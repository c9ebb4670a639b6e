/// Why bytes are not a message. Each is the sender's fault; none of them harms the reader.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field, or a message within a message, is longer than what holds it.
    case truncated
    /// More than ten bytes of one number.
    case varintTooLong
    /// A field number outside 1…536,870,911, or a wire type that does not exist.
    case invalidTag(UInt64)
    /// Groups left protobuf with version 3.
    case group(field: UInt32)
    case invalidUTF8
    /// Messages within messages beyond `Limits.protobufDepth`.
    case tooDeep(limit: Int)
    /// Elements that would take far more memory than the bytes they came in.
    case tooManyElements(limit: Int)

    package var description: String {
        switch self {
        case .truncated: "a field reaches beyond the end of its message; send the whole message"
        case .varintTooLong: "a number is longer than 10 bytes; encode numbers as protobuf varints"
        case .invalidTag(let tag): "the tag \(tag) is no protobuf field; check how fields are encoded"
        case .group(let field): "field \(field) is a group; use a proto3 message instead"
        case .invalidUTF8: "a string is not UTF-8; send bytes fields for anything else"
        case .tooDeep(let limit): "messages are nested deeper than \(limit); flatten them"
        case .tooManyElements(let limit): "elements need more than \(limit) bytes of memory; send fewer in a message"
        }
    }
}
