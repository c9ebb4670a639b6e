// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

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
