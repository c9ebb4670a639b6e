import Model
import Wire

extension Proto.Envelope.Body {
    static func error(
        _ code: Proto.ErrorCode, _ message: String, field: String = "", retryAfter: Span = .zero
    ) -> Proto.Envelope.Body {
        .error(Proto.Error(code: code, message: message, field: field, retryAfterMs: retryAfter.wireMilliseconds))
    }

    static func invalid(_ field: String, _ message: String) -> Proto.Envelope.Body {
        .error(.invalidField, message, field: field)
    }

    static func invalid(_ error: FieldError) -> Proto.Envelope.Body { .invalid(error.field, error.sentence) }
}

extension LeaseRef {
    /// From a message's three fields, which are named as in `path`.
    init(lease: UInt64, target: ArraySlice<UInt8>, fence: Proto.Fence?, path: String) throws(FieldError) {
        guard let id = TargetID(target) else {
            throw FieldError(path + "target", "it has \(target.count) bytes; a target's id has 16")
        }
        guard let fence else {
            throw FieldError(path + "fence", "lease \(lease) comes without a fence; send the one of its Assignment")
        }
        self.init(lease: lease, target: id, fence: Fence(fence))
    }
}

extension LeaseReport.Claim {
    init(_ kind: Proto.OutcomeKind, path: String) throws(FieldError) {
        switch kind {
        case .collected: self = .collected
        case .failedTarget: self = .failedTarget
        case .failedNode: self = .failedNode
        case .failedContent: self = .failedContent
        case .unspecified, .unrecognized:
            throw FieldError(path, "\(kind.rawValue) is no outcome; use 1 (collected) to 4 (failed_content)")
        }
    }
}

extension String {
    /// An error as it is kept: what a peer sends has no say in how much memory it takes.
    var asKeptError: String {
        utf8.count <= Limits.maxKeptError ? self : String(decoding: utf8.prefix(Limits.maxKeptError), as: UTF8.self)
    }
}
