/// The offset, from the slice's start, of the first byte that is not part of well-formed UTF-8; nil if all is well.
package func firstInvalidUTF8(_ text: ArraySlice<UInt8>) -> Int? {
    text.withUnsafeBytes { firstInvalidUTF8($0) }
}

/// Overlong forms, surrogates, and what lies past U+10FFFF are not well-formed; neither is a sequence cut short.
package func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress else { return nil }
    let count = bytes.count
    var place = 0
    while place < count {
        if start[place] < 0x80 {
            place += 1
            while place + 16 <= count, !ASCII.hasNonASCII(start.loadUnaligned(fromByteOffset: place, as: Block.self)) {
                place += 16
            }
            continue
        }
        let length = wellFormedLength(start + place, count - place)
        if length == 0 { return place }
        place += length
    }
    return nil
}

extension UnsafeRawPointer {
    fileprivate subscript(offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
}

/// Bytes of the multi-byte sequence at `bytes`, 0 if it is not well-formed (Unicode, table 3-7).
private func wellFormedLength(_ bytes: UnsafeRawPointer, _ available: Int) -> Int {
    let first = bytes[0]
    guard available >= 2, first >= 0xC2 else { return 0 }
    let second = bytes[1]
    if first < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
    guard available >= 3, bytes[2] & 0xC0 == 0x80 else { return 0 }
    switch first {
    case 0xE0: return second >= 0xA0 && second <= 0xBF ? 3 : 0
    case 0xED: return second >= 0x80 && second <= 0x9F ? 3 : 0
    case 0xE1...0xEF: return second & 0xC0 == 0x80 ? 3 : 0
    default: break
    }
    guard available >= 4, bytes[3] & 0xC0 == 0x80 else { return 0 }
    switch first {
    case 0xF0: return second >= 0x90 && second <= 0xBF ? 4 : 0
    case 0xF4: return second >= 0x80 && second <= 0x8F ? 4 : 0
    case 0xF1...0xF3: return second & 0xC0 == 0x80 ? 4 : 0
    default: return 0
    }
}
