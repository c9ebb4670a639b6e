/// Turns descriptors into code models: finds Swift types for protobuf types and comments for everything.
struct Resolver {
    let file: ProtoFile
    let namespaces: [String: String]

    private static let kinds: [Int32: (kind: String, type: String)] = [
        1: ("double", "Double"), 2: ("float", "Float"), 3: ("int64", "Int64"), 4: ("uint64", "UInt64"),
        5: ("int32", "Int32"), 6: ("fixed64", "UInt64"), 7: ("fixed32", "UInt32"), 8: ("bool", "Bool"),
        9: ("string", "String"), 12: ("bytes", "ArraySlice<UInt8>"), 13: ("uint32", "UInt32"),
        15: ("sfixed32", "Int32"), 16: ("sfixed64", "Int64"), 17: ("sint32", "Int32"), 18: ("sint64", "Int64"),
    ]

    func message(_ type: MessageType, _ path: [Int32]) throws -> MessageCode {
        var members: [MessageCode.Member] = []
        var seen: Set<Int> = []
        let fields = try type.fields.enumerated().map { index, field in
            try code(field, in: type, path + [2, Int32(index)])
        }
        for code in fields {
            guard code.shape == .oneof, let oneof = code.field.oneof else {
                members.append(.field(code))
                continue
            }
            guard seen.insert(oneof).inserted else { continue }
            let together = fields.filter { $0.shape == .oneof && $0.field.oneof == oneof }
            members.append(.oneof(.init(name: Names.camel(type.oneofs[oneof]), fields: together)))
        }
        let nested = try type.nested.enumerated().filter { !$0.element.isMapEntry }.map { index, inner in
            try message(inner, path + [3, Int32(index)])
        }
        let enums = type.enums.enumerated().map { index, inner in enumeration(inner, path + [4, Int32(index)]) }
        return MessageCode(
            name: type.name, comment: comment(path), members: members, nested: nested, enums: enums)
    }

    func enumeration(_ type: EnumType, _ path: [Int32]) -> EnumCode {
        let names = Names.cases(type.values)
        let values = zip(type.values, names).enumerated().map { index, pair in
            EnumCode.Value(name: pair.1, number: pair.0.number, comment: comment(path + [2, Int32(index)]))
        }
        return EnumCode(name: type.name, comment: comment(path), values: values)
    }

    private func code(_ field: Field, in message: MessageType, _ path: [Int32]) throws -> FieldCode {
        let entry = message.nested.first { $0.isMapEntry && field.typeName.hasSuffix(".\(message.name).\($0.name)") }
        if let entry, !entry.fields.allSatisfy({ $0.type == 9 }) {
            throw Failure("\(message.name).\(field.name) is a map; only map<string, string> becomes Swift")
        }
        let shape: FieldCode.Shape =
            if entry != nil { .map } else if field.isRepeated { .repeated } else if field.isOptional {
                .optional
            } else if field.oneof != nil { .oneof } else { field.type == 11 ? .optional : .singular }
        let (kind, type) = try resolve(field, in: message)
        return FieldCode(
            field: field, shape: shape, comment: comment(path), type: type, kind: kind, name: Names.camel(field.name))
    }

    private func resolve(_ field: Field, in message: MessageType) throws -> (kind: String, type: String) {
        if let known = Resolver.kinds[field.type] { return known }
        let packages = namespaces.filter { field.typeName.hasPrefix($0.key + ".") }
        guard let package = packages.max(by: { $0.key.count < $1.key.count }) else {
            throw Failure("\(message.name).\(field.name): no namespace for type \(field.typeName); give --package")
        }
        switch field.type {
        case 11: return ("message", package.value + field.typeName.dropFirst(package.key.count))
        case 14: return ("int32", package.value + field.typeName.dropFirst(package.key.count))
        default: throw Failure("\(message.name).\(field.name): a group has no place in proto3")
        }
    }

    private func comment(_ path: [Int32]) -> String {
        guard let place = file.places[path] else { return "" }
        return place.leading.isEmpty ? place.trailing : place.leading
    }
}
