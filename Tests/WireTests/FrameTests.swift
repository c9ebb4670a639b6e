import Model
import Testing
import Wire

@Suite struct FrameHeaderTests {
    private func judge(_ bytes: [UInt8], limit: Int = 1_024) -> FrameHeader.Judgement {
        FrameHeader.judge(bytes[...], limit: limit)
    }

    @Test func `a header is judged as soon as it can be`() {
        for count in 0..<5 { #expect(judge(Array([0, 0, 0, 9, 0].prefix(count))) == .needMore) }
        // The length alone condemns; nobody waits for the flags.
        #expect(judge([0, 0, 4, 1]) == .reject(.tooLong(length: 1_025, limit: 1_024)))
        #expect(judge([0xFF, 0xFF, 0xFF, 0xFF]) == .reject(.tooLong(length: .max, limit: 1_024)))
        #expect(judge([0, 0, 0, 0]) == .reject(.zeroLength))
    }

    @Test func `the length counts the flags and the payload, up to max_frame`() throws {
        guard case .frame(let longest) = judge([0, 0, 4, 0, 0]), case .frame(let shortest) = judge([0, 0, 0, 1, 1, 7])
        else { return #expect(Bool(false), "a sound header was refused") }
        #expect(longest.bodyLength == 1_023 && !longest.isCompressed)
        #expect(shortest.bodyLength == 0 && shortest.isCompressed)
    }

    @Test(arguments: 1..<8) func `every flag but bit 0 must be 0`(bit: UInt8) {
        let flags = UInt8(1) << bit | 1
        #expect(judge([0, 0, 0, 1, flags]) == .reject(.unknownFlags(flags)))
    }

    @Test func `every frame fault says what to do`() {
        #expect(FrameFault.zeroLength.description.hasSuffix("the length counts the flags byte and the payload"))
        #expect(
            FrameFault.tooLong(length: 9, limit: 8).description
                == "a frame of 9 bytes is longer than 8; send smaller ones")
        #expect(FrameFault.unknownFlags(6).description == "flags 6 are unknown; only bit 0, zstd, may be set")
        #expect(FrameFault.compression(limit: 8).description.contains("at most 8 bytes"))
        #expect(FrameFault.unfinished.description.hasSuffix("send whole frames"))
    }
}

@Suite struct FrameDecoderTests {
    private func ping(_ count: Int, id: UInt64 = 1) -> Proto.Envelope {
        let payload = [UInt8](repeating: 7, count: count)
        return Proto.Envelope(id: id, body: .ping(Proto.Ping(payload: payload[...])))
    }

    /// Everything that comes out when `stream` arrives in chunks of `size`.
    private func decode(
        _ stream: [UInt8], chunk size: Int, limit: Int = 1_024
    ) -> (payloads: [[UInt8]], fault: FrameFault?) {
        var decoder = FrameDecoder(limit: limit, compressor: RunLength())
        var payloads: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            decoder.push(rest.prefix(size))
            rest = rest.dropFirst(size)
            do throws(FrameFault) {
                while let payload = try decoder.next() { payloads.append(Array(payload)) }
            } catch {
                return (payloads, error)
            }
        }
        return (payloads, nil)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 100, 10_000])
    func `frames are the same however their bytes arrive`(size: Int) throws {
        let encoder = FrameEncoder(compressor: RunLength(), threshold: 64)
        let envelopes = [0, 1, 10, 300, 0, 900].enumerated().map { ping($1, id: UInt64($0 + 1)) }
        let stream = try envelopes.flatMap { try encoder.encode($0) }
        let result = decode(stream, chunk: size)
        #expect(result.payloads == envelopes.map { $0.encoded() })
        #expect(result.fault == nil)
    }

    @Test(arguments: [1, 3, 10_000])
    func `frames before a fault are given, and what is invalid stays invalid`(size: Int) throws {
        let good = try FrameEncoder().encode(ping(3))
        let result = decode(good + [0, 0, 0, 0] + good, chunk: size)
        #expect(result.payloads.count == 1)
        #expect(result.fault == .zeroLength)

        var decoder = FrameDecoder()
        decoder.push([0, 0, 0, 2, 2])
        for _ in 0..<2 { #expect(throws: FrameFault.unknownFlags(2)) { try decoder.next() } }
        decoder.push(good[...])
        #expect(throws: FrameFault.unknownFlags(2)) { try decoder.next() }
        #expect(decoder.held == 0)
    }

    @Test func `before Welcome a frame has at most 16 KiB`() throws {
        let frame = try FrameEncoder().encode(ping(Limits.maxFrameBeforeWelcome))
        var decoder = FrameDecoder()
        decoder.push(frame[...])
        let length = UInt32(frame.count - 4)
        #expect(throws: FrameFault.tooLong(length: length, limit: 16_384)) { try decoder.next() }
        var later = FrameDecoder()
        later.limit = Limits.maxFrame
        later.push(frame[...])
        #expect(try later.next()?.count == frame.count - 5)
    }

    @Test func `a compressed payload may not inflate beyond max_frame`() {
        let bomb: [UInt8] = [0, 0, 0, 11, 1] + Array(repeating: [255, 0], count: 5).joined()
        #expect(decode(bomb, chunk: 1, limit: 1_275).payloads.first?.count == 1_275)
        #expect(decode(bomb, chunk: 1, limit: 1_274).fault == .compression(limit: 1_274))
    }

    @Test func `a broken compressed payload is refused, as is any where nothing can inflate it`() {
        #expect(decode([0, 0, 0, 2, 1, 9], chunk: 9).fault == .compression(limit: 1_024))
        #expect(throws: FrameFault.compression(limit: 8)) {
            try Frame.payload(of: [1, 1], isCompressed: true, compressor: nil, limit: 8)
        }
    }
}

@Suite struct FrameEncoderTests {
    private let long = Proto.Envelope(body: .ping(Proto.Ping(payload: Array(repeating: 0, count: 5_000)[...])))

    @Test func `a frame is length, flags, payload`() throws {
        let frame = try FrameEncoder().encode(Proto.Envelope(id: 2, body: .ping(Proto.Ping())))
        #expect(frame == [0, 0, 0, 5, 0, 8, 2, 106, 0])
        #expect(try FrameEncoder().encode(Proto.Envelope()) == [0, 0, 0, 1, 0])
    }

    @Test func `a payload is compressed where that makes it smaller`() throws {
        let small = try FrameEncoder(compressor: RunLength()).encode(long)
        #expect(small.count < 100 && small[4] == 1)
        let noise = Proto.Envelope(body: .ping(Proto.Ping(payload: (0..<5_000).map { UInt8($0 & 255) }[...])))
        #expect(try FrameEncoder(compressor: RunLength()).encode(noise)[4] == 0)
        #expect(try FrameEncoder(compressor: RunLength(), threshold: 6_000).encode(long)[4] == 0)
    }

    @Test func `no frame is made that the receiver would refuse`() throws {
        let size = long.encodedSize + 1
        #expect(try FrameEncoder().encode(long, limit: size).count == size + 4)
        let tooLong = FrameFault.tooLong(length: UInt32(size), limit: size - 1)
        #expect(throws: tooLong) { try FrameEncoder(compressor: RunLength()).encode(long, limit: size - 1) }
    }
}
