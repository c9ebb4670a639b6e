import Model
import Testing
import Wire

@Suite struct ProtoReaderTests {
    private func reader(_ bytes: [UInt8]) -> ProtoReader { ProtoReader(bytes[...]) }

    /// Reads all fields and keeps none.
    private func skipAll(_ bytes: [UInt8]) throws(WireError) { _ = try Proto.ClusterStatus(decoding: bytes) }

    private static let numbers: [([UInt8], UInt64)] = [
        ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), ([0x80, 0x00], 0),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], UInt64.max),
    ]

    @Test(arguments: numbers)
    func `a number takes one to ten bytes`(bytes: [UInt8], value: UInt64) throws {
        var reader = reader(bytes)
        #expect(try reader.varint() == value)
        #expect(reader.isAtEnd)
    }

    @Test func `a number of eleven bytes is refused`() {
        #expect(throws: WireError.varintTooLong) { try skipAll([8] + Array(repeating: 0x80, count: 11)) }
    }

    @Test(
        arguments: [
            [8], [8, 0x80], [9, 1, 2, 3, 4, 5, 6, 7], [13, 1, 2, 3], [10, 2, 0], [10, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            [10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ] as [[UInt8]])
    func `a field that reaches beyond its message is refused`(bytes: [UInt8]) {
        #expect(throws: WireError.truncated) { try skipAll(bytes) }
    }

    @Test func `a field within a message may not reach beyond it`() {
        // Ping { payload of 3 bytes } in an envelope that gives the Ping only 3 bytes in all.
        #expect(throws: WireError.truncated) { try Proto.Envelope(decoding: [106, 3, 10, 3, 1, 2, 3]) }
    }

    private static let badTags: [([UInt8], UInt64)] = [
        ([0, 1], 0), ([7], 7), ([0x80, 0x80, 0x80, 0x80, 0x10], 1 << 32), ([15], 15), ([14], 14),
    ]

    @Test(arguments: badTags)
    func `a tag that names no field is refused`(bytes: [UInt8], tag: UInt64) {
        #expect(throws: WireError.invalidTag(tag)) { try skipAll(bytes) }
    }

    @Test func `groups are refused`() {
        #expect(throws: WireError.group(field: 1)) { try skipAll([11, 12]) }
        #expect(throws: WireError.group(field: 2)) { try skipAll([20]) }
    }

    @Test(
        arguments: [[0xC0, 0x80], [0xFF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func `a string must be UTF-8`(text: [UInt8]) {
        #expect(throws: WireError.invalidUTF8) { try Proto.Goodbye(decoding: [10, UInt8(text.count)] + text) }
    }

    @Test func `an unknown field is skipped`() throws {
        let goodbye = try Proto.Goodbye(decoding: [
            16, 5, 25, 1, 2, 3, 4, 5, 6, 7, 8, 34, 1, 9, 45, 1, 2, 3, 4, 10, 1, 97,
        ])
        #expect(goodbye == Proto.Goodbye(reason: "a"))
    }

    @Test func `a known field of another wire type is skipped`() throws {
        #expect(try Proto.Goodbye(decoding: [8, 5]) == Proto.Goodbye())
    }

    @Test func `of a field sent twice the last one counts`() throws {
        #expect(try Proto.Goodbye(decoding: [10, 1, 97, 10, 1, 98]).reason == "b")
        let item = try Proto.Item(decoding: [26, 0, 34, 3, 10, 1, 7])
        #expect(item.kind == .bookmark(Proto.Bookmark(value: [7])))
    }

    @Test func `repeated numbers may come packed or one by one`() throws {
        #expect(try Proto.LeaseOutcomesAck(decoding: [10, 3, 1, 0xAC, 0x02]).leases == [1, 300])
        #expect(try Proto.LeaseOutcomesAck(decoding: [8, 1, 10, 2, 0xAC, 0x02, 8, 4]).leases == [1, 300, 4])
        #expect(throws: WireError.truncated) { try Proto.LeaseOutcomesAck(decoding: [10, 1, 0x80]) }
    }

    @Test func `a number that names no value of an enumeration is kept`() throws {
        let ack = try Proto.HeartbeatAck(decoding: [18, 2, 1, 99])
        #expect(ack.directives == [.drain, .unrecognized(99)])
        #expect(try Proto.HeartbeatAck(decoding: ack.encoded()) == ack)
    }

    @Test func `an optional field tells zero from nothing`() throws {
        #expect(try Proto.HeartbeatAck(decoding: [8, 0]).quota == 0)
        #expect(try Proto.HeartbeatAck(decoding: []).quota == nil)
        #expect(Proto.HeartbeatAck(quota: 0).encoded() == [8, 0])
        #expect(Proto.Assignment(bookmark: []).encoded() == [74, 0])
    }

    @Test func `signed numbers of every kind come back`() throws {
        var reader = reader([0x01, 0x02, 0x03, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F])
        #expect(try [reader.sint64(), reader.sint64()] == [-1, 1])
        #expect(try [reader.sint32(), reader.sint32()] == [-2, Int32.max])
        #expect(try Proto.Welcome(decoding: Proto.Welcome(serverTimeMs: -5).encoded()).serverTimeMs == -5)
    }

    @Test func `bytes share the storage they came in`() throws {
        let whole = Proto.Ping(payload: [1, 2, 3]).encoded()
        let payload = try Proto.Ping(decoding: whole[...]).payload
        let isShared = whole.withUnsafeBufferPointer { outer in
            payload.withUnsafeBufferPointer { $0.baseAddress == outer.baseAddress.map { $0 + 2 } }
        }
        #expect(isShared)
    }

    @Test func `messages nest to a limit`() throws {
        func nested(_ levels: Int) throws(WireError) {
            // Each length covers all that follows.
            var reader = ProtoReader((0..<UInt8(20)).reversed()[...])
            for _ in 0..<levels { _ = try reader.enter() }
        }
        try nested(Limits.protobufDepth)
        #expect(throws: WireError.tooDeep(limit: 16)) { try nested(Limits.protobufDepth + 1) }
    }

    @Test func `empty messages cannot ask for more memory than their bytes allow`() throws {
        func emptyItems(_ count: Int) -> [UInt8] { (0..<2 * count).map { $0 % 2 == 0 ? 26 : 0 } }
        #expect(try Proto.IngestBatch(decoding: emptyItems(5_000)).items.count == 5_000)
        let unfair = emptyItems(100_000)
        let limit = Limits.protobufElementBytes + Limits.protobufExpansion * unfair.count
        #expect(throws: WireError.tooManyElements(limit: limit)) { try Proto.IngestBatch(decoding: unfair) }
    }

    @Test func `every refusal says what to do`() {
        let all: [WireError] = [
            .truncated, .varintTooLong, .invalidTag(7), .group(field: 1), .invalidUTF8, .tooDeep(limit: 16),
            .tooManyElements(limit: 5),
        ]
        #expect(all.allSatisfy { $0.description.contains("; ") })
        #expect(WireError.group(field: 3).description == "field 3 is a group; use a proto3 message instead")
    }
}
