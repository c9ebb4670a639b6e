// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct Error: ProtoMessage {
        package var code: Proto.ErrorCode = Proto.ErrorCode()
        package var message: String = ""
        package var field: String = ""
        package var retryAfterMs: UInt32 = 0

        package init() {}

        package init(
            code: Proto.ErrorCode = Proto.ErrorCode(),
            message: String = "",
            field: String = "",
            retryAfterMs: UInt32 = 0
        ) {
            self.code = code
            self.message = message
            self.field = field
            self.retryAfterMs = retryAfterMs
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: code = Proto.ErrorCode(rawValue: try reader.int32())
                case 18: message = try reader.string()
                case 26: field = try reader.string()
                case 32: retryAfterMs = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if retryAfterMs != 0 { writer.uint32(retryAfterMs); writer.tag(32) }
            if !field.isEmpty { writer.string(field); writer.tag(26) }
            if !message.isEmpty { writer.string(message); writer.tag(18) }
            if code.rawValue != 0 { writer.int32(code.rawValue); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if code.rawValue != 0 { size += 1 + ProtoSize.int32(code.rawValue) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            if !field.isEmpty { size += 1 + ProtoSize.string(field) }
            if retryAfterMs != 0 { size += 1 + ProtoSize.uint32(retryAfterMs) }
            return size
        }
    }
}

extension Proto {
    package struct Ping: ProtoMessage {
        package var payload: ArraySlice<UInt8> = []

        package init() {}

        package init(
            payload: ArraySlice<UInt8> = []
        ) {
            self.payload = payload
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: payload = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !payload.isEmpty { writer.bytes(payload); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !payload.isEmpty { size += 1 + ProtoSize.bytes(payload) }
            return size
        }
    }
}

extension Proto {
    package struct Pong: ProtoMessage {
        package var payload: ArraySlice<UInt8> = []

        package init() {}

        package init(
            payload: ArraySlice<UInt8> = []
        ) {
            self.payload = payload
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: payload = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !payload.isEmpty { writer.bytes(payload); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !payload.isEmpty { size += 1 + ProtoSize.bytes(payload) }
            return size
        }
    }
}

extension Proto {
    package struct Goodbye: ProtoMessage {
        package var reason: String = ""

        package init() {}

        package init(
            reason: String = ""
        ) {
            self.reason = reason
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: reason = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !reason.isEmpty { writer.string(reason); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            return size
        }
    }
}
