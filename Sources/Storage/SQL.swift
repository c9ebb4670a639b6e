/// The text of one statement. A literal is found again in the statement cache by its address alone.
package struct SQL: ExpressibleByStringLiteral, Sendable {
    enum Form {
        case literal(StaticString)
        case text(String)
    }

    let form: Form

    package init(stringLiteral: StaticString) { form = .literal(stringLiteral) }

    /// For statements put together at run time. Values never belong in the text: bind them.
    package init(_ text: String) { form = .text(text) }

    package var text: String {
        switch form {
        case .literal(let literal): literal.description
        case .text(let text): text
        }
    }
}

/// A value bound to a statement's parameter.
package enum SQLValue: Sendable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
    /// Text that lies in someone else's array; it must be valid UTF-8.
    case utf8(ArraySlice<UInt8>)
    case blob(ArraySlice<UInt8>)

    package static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    package static func int(_ value: Int64) -> SQLValue { .integer(value) }
    package static func int(_ value: UInt32) -> SQLValue { .integer(Int64(value)) }
    /// Stored as its bit pattern; `Row.uint` reads it back. Numbers from 2⁶³ up sort before 0.
    package static func int(_ value: UInt64) -> SQLValue { .integer(Int64(bitPattern: value)) }
    package static func blob(_ value: [UInt8]) -> SQLValue { .blob(value[...]) }
    package static func text(orNull value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    package static func blob(orNull value: [UInt8]?) -> SQLValue { value.map { .blob($0) } ?? .null }
    package static func int(orNull value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    package static func int(orNull value: UInt64?) -> SQLValue { value.map { .int($0) } ?? .null }
}
