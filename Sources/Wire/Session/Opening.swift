import Model

/// Judges a Hello: versions, role and name.
enum Opening {
    struct Admission: Hashable {
        /// The highest version that both ends speak.
        let version: UInt32
        let senders: BodyRule.Senders
    }

    struct Refusal: Error, Hashable {
        let fault: SessionFault
        let message: String
    }

    static func judge(_ hello: Proto.Hello, versions ours: ClosedRange<UInt32>) throws(Refusal) -> Admission {
        let version = min(hello.versionMax, ours.upperBound)
        guard version >= max(hello.versionMin, ours.lowerBound) else {
            let message =
                "no version in common: here \(ours.lowerBound) to \(ours.upperBound), there "
                + "\(hello.versionMin) to \(hello.versionMax); use a client that speaks one of them"
            throw Refusal(fault: .versionMismatch, message: message)
        }
        guard let senders = BodyRule.Senders(hello.role) else {
            let message = "role \(hello.role.rawValue) is unknown; say node, operator, orchestrator or coordinator"
            throw Refusal(fault: .invalidRole, message: message)
        }
        guard hello.hasGoodName else {
            let message =
                "the name has \(hello.name.utf8.count) bytes or others than A-Z a-z 0-9 . _ -; "
                + "choose 1 to \(Limits.maxNodeName) of these"
            throw Refusal(fault: .invalidName, message: message)
        }
        return Admission(version: version, senders: senders)
    }

    fileprivate static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension Proto.Hello {
    /// Whether servers accept the name: 1 to 64 bytes of A-Z a-z 0-9 . _ -
    package var hasGoodName: Bool {
        (1...Limits.maxNodeName).contains(name.utf8.count) && name.utf8.allSatisfy(Opening.isNameByte)
    }
}

extension Proto.Envelope {
    /// The id of an envelope that is broken further on, or 0.
    static func id(ofBroken payload: ArraySlice<UInt8>) -> UInt64 {
        var reader = ProtoReader(payload)
        var id: UInt64 = 0
        do throws(WireError) {
            while let tag = try reader.nextTag() {
                if tag == 8 { id = try reader.uint64() } else { try reader.skip(tag) }
            }
        } catch {
            return id
        }
        return id
    }
}
