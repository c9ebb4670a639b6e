import Wire

// What protoc says of a .proto file (google/protobuf/descriptor.proto), as far as Swift code depends on it.

struct FileSet {
    var files: [ProtoFile] = []

    init(decoding bytes: [UInt8]) throws(WireError) {
        var reader = ProtoReader(bytes[...])
        while let tag = try reader.nextTag() {
            switch tag {
            case .field(1): files.append(try ProtoFile(&reader))
            default: try reader.skip(tag)
            }
        }
    }
}

struct ProtoFile {
    var name = ""
    var package = ""
    var syntax = ""
    var messages: [MessageType] = []
    var enums: [EnumType] = []
    var services = 0
    /// By path: field numbers and indices, as protoc gives them.
    var places: [[Int32]: Place] = [:]

    init(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            switch tag {
            case .field(1): name = try reader.string()
            case .field(2): package = try reader.string()
            case .field(4): messages.append(try MessageType(&reader))
            case .field(5): enums.append(try EnumType(&reader))
            case .field(6):
                services += 1
                try reader.skip(tag)
            case .field(9): try readPlaces(&reader)
            case .field(12): syntax = try reader.string()
            default: try reader.skip(tag)
            }
        }
    }

    private mutating func readPlaces(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            guard tag == .field(1) else { return try reader.skip(tag) }
            let place = try Place(&reader)
            places[place.path] = place
        }
    }
}

/// Where something stands in its file, and the comments around it.
struct Place {
    var path: [Int32] = []
    var line: Int32 = 0
    var leading = ""
    var trailing = ""
    var detached: [String] = []

    init(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            switch tag {
            case .field(1): path = try reader.packed()
            case .field(2): line = try reader.packed().first ?? 0
            case .field(3): leading = try reader.string()
            case .field(4): trailing = try reader.string()
            case .field(6): detached.append(try reader.string())
            default: try reader.skip(tag)
            }
        }
    }
}

struct MessageType {
    var name = ""
    var fields: [Field] = []
    var nested: [MessageType] = []
    var enums: [EnumType] = []
    var oneofs: [String] = []
    var isMapEntry = false

    init(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            switch tag {
            case .field(1): name = try reader.string()
            case .field(2): fields.append(try Field(&reader))
            case .field(3): nested.append(try MessageType(&reader))
            case .field(4): enums.append(try EnumType(&reader))
            case .field(7): try readOptions(&reader)
            case .field(8): oneofs.append(try reader.firstString())
            default: try reader.skip(tag)
            }
        }
    }

    private mutating func readOptions(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            if tag == 7 << 3 { isMapEntry = try reader.bool() } else { try reader.skip(tag) }
        }
    }
}

struct Field {
    var name = ""
    var number: UInt32 = 0
    var isRepeated = false
    var type: Int32 = 0
    var typeName = ""
    var oneof: Int?
    /// `optional` in proto3; its oneof is protoc's invention.
    var isOptional = false

    init(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            switch tag {
            case .field(1): name = try reader.string()
            case 3 << 3: number = try reader.uint32()
            case 4 << 3: isRepeated = try reader.int32() == 3
            case 5 << 3: type = try reader.int32()
            case .field(6): typeName = try reader.string()
            case 9 << 3: oneof = Int(try reader.int32())
            case 17 << 3: isOptional = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

struct EnumType {
    struct Value {
        var name = ""
        var number: Int32 = 0
    }

    var name = ""
    var values: [Value] = []

    init(_ reader: inout ProtoReader) throws(WireError) {
        try reader.fields { (tag, reader) throws(WireError) in
            switch tag {
            case .field(1): name = try reader.string()
            case .field(2):
                var value = Value()
                try reader.fields { (tag, reader) throws(WireError) in
                    switch tag {
                    case .field(1): value.name = try reader.string()
                    case 2 << 3: value.number = try reader.int32()
                    default: try reader.skip(tag)
                    }
                }
                values.append(value)
            default: try reader.skip(tag)
            }
        }
    }
}

extension UInt32 {
    /// The tag of a length-delimited field.
    fileprivate static func field(_ number: UInt32) -> UInt32 { number << 3 | 2 }
}

extension ProtoReader {
    /// Visits the fields of one message within a message.
    fileprivate mutating func fields(
        _ body: (UInt32, inout ProtoReader) throws(WireError) -> Void
    ) throws(WireError) {
        let outer = try enter()
        while let tag = try nextTag() { try body(tag, &self) }
        leave(outer)
    }

    fileprivate mutating func packed() throws(WireError) -> [Int32] {
        let outer = try enter()
        var values: [Int32] = []
        while !isAtEnd { values.append(try int32()) }
        leave(outer)
        return values
    }

    /// The `name` of a message that has little else.
    fileprivate mutating func firstString() throws(WireError) -> String {
        var name = ""
        try fields { (tag, reader) throws(WireError) in
            if tag == .field(1) { name = try reader.string() } else { try reader.skip(tag) }
        }
        return name
    }
}
