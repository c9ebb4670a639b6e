import Glibc
import Model
import Testing
import Wire

@testable import Node

/// Shortens runs of one byte; enough to see that what is stored is not what was given.
struct RunCompressor: ByteCompressor {
    func compress(_ input: Span8, into output: inout [UInt8]) {
        var rest = input
        while let byte = rest.first {
            let run = rest.prefix(255).prefix { $0 == byte }
            output += [UInt8(run.count), byte]
            rest = rest.dropFirst(run.count)
        }
    }

    func decompress(_ input: Span8, limit: Int) -> [UInt8]? {
        let bytes = Array(input)
        let output = stride(from: 0, to: bytes.count - 1, by: 2).flatMap {
            [UInt8](repeating: bytes[$0 + 1], count: Int(bytes[$0]))
        }
        return output.count <= limit ? output : nil
    }
}

extension LeaseRef {
    static func sample(_ lease: UInt64) -> LeaseRef {
        LeaseRef(
            lease: lease, target: TargetID(high: 7, low: lease), fence: Fence(incarnation: 1, counter: lease))
    }
}

extension CollectedItem {
    static func sample(_ text: String, mark: UInt64? = nil) -> CollectedItem {
        .artifact(Proto.Artifact(contentType: "text", content: Array(text.utf8)[...]), mark: mark)
    }
}

extension Proto.Item {
    var text: String? {
        switch kind {
        case .artifact(let artifact): String(decoding: artifact.content, as: UTF8.self)
        case .bookmark(let bookmark): "bookmark " + String(decoding: bookmark.value, as: UTF8.self)
        case .unchanged, nil: nil
        }
    }
}

extension Proto.Assignment {
    static func sample(_ lease: UInt64, type: String = "web", deadline: Span = .minutes(10)) -> Proto.Assignment {
        let ref = LeaseRef.sample(lease)
        return Proto.Assignment(
            lease: lease, target: ref.target.bytes[...], fence: ref.fence.wire, type: type,
            location: "http://example.org/\(lease)", deadlineMs: UInt32(deadline.milliseconds))
    }
}
