package import Model

/// How much an entry matters.
package enum LogLevel: UInt8, Comparable, Sendable, CaseIterable {
    case debug, info, warning, error

    package init?(_ name: String) {
        guard let level = LogLevel.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}

/// The value of one metadata pair.
package enum LogValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case natural(UInt64)
    case double(Double)
    case bool(Bool)
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A number of any width.
    package static func number(_ value: some BinaryInteger) -> LogValue {
        value.signum() < 0 ? .integer(Int64(clamping: value)) : .natural(UInt64(clamping: value))
    }

    /// Anything, as it describes itself.
    package static func of(_ value: some CustomStringConvertible) -> LogValue { .text(value.description) }
}

/// One thing that happened: a constant message, and pairs that say which, how much, why.
package struct LogEntry: Sendable {
    package typealias Pair = (key: String, value: LogValue)

    package let time: WallTime
    package let level: LogLevel
    package let message: StaticString
    package let metadata: [Pair]

    package init(time: WallTime, level: LogLevel, message: StaticString, metadata: [Pair]) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata
    }
}
