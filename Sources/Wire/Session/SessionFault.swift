/// What a peer did wrong, each with a counter of its own. The raw values are the names that metrics show.
package enum SessionFault: String, CaseIterable, Hashable, Sendable {
    // Frames: answered where that is still possible, then closed.
    case frameZeroLength = "frame_zero_length"
    case frameTooLong = "frame_too_long"
    case frameUnknownFlags = "frame_unknown_flags"
    case frameCompression = "frame_compression"
    case frameUnfinished = "frame_unfinished"

    // Opening: answered, then closed.
    case helloExpected = "hello_expected"
    case helloTimeout = "hello_timeout"
    case versionMismatch = "version_mismatch"
    case invalidName = "invalid_name"
    case invalidRole = "invalid_role"
    case beforeWelcome = "before_welcome"

    // Bodies: answered and carried on, until there are `Limits.bodyErrorsInARow` of them.
    case malformed = "malformed"
    case unknownBody = "unknown_body"
    case bodyNotAllowed = "body_not_allowed"
    case secondHello = "second_hello"
    case missingID = "missing_id"
    case pingTooLong = "ping_too_long"
    case bodyErrorsInARow = "body_errors_in_a_row"

    // Silence, of which only the driver sees the second kind.
    case idleTimeout = "idle_timeout"
    case slowReader = "slow_reader"

    package init(_ fault: FrameFault) {
        switch fault {
        case .zeroLength: self = .frameZeroLength
        case .tooLong: self = .frameTooLong
        case .unknownFlags: self = .frameUnknownFlags
        case .compression: self = .frameCompression
        case .unfinished: self = .frameUnfinished
        }
    }

    /// What the peer is told.
    package var code: Proto.ErrorCode {
        switch self {
        case .frameZeroLength, .frameTooLong: .frameLength
        case .frameUnknownFlags: .frameFlags
        case .frameCompression: .frameCompression
        case .frameUnfinished, .idleTimeout: .idleTimeout
        case .helloExpected: .helloExpected
        case .helloTimeout: .helloTimeout
        case .versionMismatch: .version
        case .invalidName, .invalidRole, .missingID, .pingTooLong: .invalidField
        case .beforeWelcome, .secondHello: .outOfOrder
        case .malformed, .bodyErrorsInARow: .malformed
        case .unknownBody: .unknownBody
        case .bodyNotAllowed: .roleNotAllowed
        case .slowReader: .slowReader
        }
    }

    /// The field at fault, where there is one.
    var field: String {
        switch self {
        case .invalidName: "name"
        case .invalidRole: "role"
        case .missingID: "id"
        case .pingTooLong: "payload"
        case .versionMismatch: "version_max"
        default: ""
        }
    }

    func error(_ message: String) -> Proto.Error {
        Proto.Error(code: code, message: message, field: field)
    }
}
