/// Sixteen bytes looked at together.
typealias Block = SIMD16<UInt8>

enum ASCII {
    static let space: UInt8 = 0x20

    static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == space || byte &- 9 < 5 }
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }

    /// The standard library's `any` compares lane by lane.
    @inline(__always)
    private static func isAny(_ mask: SIMDMask<SIMD16<Int8>>) -> Bool {
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        return halves.x | halves.y != 0
    }

    @inline(__always)
    static func hasNonASCII(_ block: Block) -> Bool {
        let halves = unsafeBitCast(block, to: SIMD2<UInt64>.self)
        return (halves.x | halves.y) & 0x8080_8080_8080_8080 != 0
    }

    /// True when the block is ASCII without white space other than single spaces; `before` are the bytes one earlier.
    @inline(__always)
    static func isPlain(_ block: Block, before: Block) -> Bool {
        let spaces = Block(repeating: space)
        let doubled = (block .== spaces) .& (before .== spaces)
        return !hasNonASCII(block) && !isAny(doubled .| breaks(block))
    }

    /// True when the block is ASCII in which no white space follows other white space.
    @inline(__always)
    static func isSpaced(_ block: Block, before: Block) -> Bool {
        !hasNonASCII(block) && !isAny(whiteSpace(block) .& whiteSpace(before))
    }

    @inline(__always)
    private static func breaks(_ block: Block) -> SIMDMask<SIMD16<Int8>> {
        (block &- Block(repeating: 9)) .< Block(repeating: 5)
    }

    @inline(__always)
    private static func whiteSpace(_ block: Block) -> SIMDMask<SIMD16<Int8>> {
        breaks(block) .| (block .== Block(repeating: space))
    }

    @inline(__always)
    static func hasUpper(_ block: Block) -> Bool { isAny(upper(block)) }

    /// In lower case, with a space for any white space.
    @inline(__always)
    static func folded(_ block: Block) -> Block {
        let spaced = block.replacing(with: Block(repeating: space), where: breaks(block))
        return spaced | Block(repeating: 0).replacing(with: Block(repeating: 0x20), where: upper(block))
    }

    @inline(__always)
    private static func upper(_ block: Block) -> SIMDMask<SIMD16<Int8>> {
        (block &- Block(repeating: 0x41)) .< Block(repeating: 26)
    }

    /// How many bytes from the start are ASCII in normal form: no capitals, no white space but single spaces, none
    /// first.
    static func normalPrefix(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        var place = 0
        var last = space
        while place < bytes.count {
            while place > 0, place + 16 <= bytes.count {
                let block = start.loadUnaligned(fromByteOffset: place, as: Block.self)
                let before = start.loadUnaligned(fromByteOffset: place - 1, as: Block.self)
                guard isPlain(block, before: before), !hasUpper(block) else { break }
                place += 16
                last = block[15]
            }
            // A byte at a time through the block that stopped the loop.
            let end = min(place + 16, bytes.count)
            while place < end {
                let byte = bytes[place]
                if byte >= 0x80 || isUpper(byte) || byte &- 9 < 5 || (byte == space && last == space) { return place }
                last = byte
                place += 1
            }
        }
        return place
    }
}
