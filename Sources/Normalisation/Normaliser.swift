import Glibc

/// What normalising a text came to.
package enum NormalForm: Hashable, Sendable {
    /// The text is its own normal form.
    case unchanged
    /// The normal form is another text.
    case changed
    /// The text is not UTF-8 from this offset on.
    case invalid(at: Int)
}

/// Makes normal forms of texts: NFKC_Casefold, runs of white space as one space, none at the ends. Texts with the same
/// normal form count as the same. It belongs to one thread and keeps its working space between texts.
package final class Normaliser {
    private var space = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
    private var count = 0
    private var fold = CompatibilityFold()
    private static let kept = 1 << 20  // bytes of working space kept between texts

    package init() {}

    deinit { space.deallocate() }

    /// After `.changed`: the normal form, until the next call.
    package var form: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: space[..<count]) }

    /// A normal form can have eleven times as many bytes as its text, at most.
    package func normalise(_ text: ArraySlice<UInt8>) -> NormalForm { text.withUnsafeBytes { normalise($0) } }

    /// The same, with the normal form in `output` after `.changed`; what was in it before is dropped.
    package func normalise(_ text: ArraySlice<UInt8>, into output: inout [UInt8]) -> NormalForm {
        let result = normalise(text)
        if result == .changed {
            output.removeAll(keepingCapacity: true)
            output.append(contentsOf: form)
        }
        return result
    }

    package func normalise(_ text: UnsafeRawBufferPointer) -> NormalForm {
        let clean = ASCII.normalPrefix(text)
        if clean == text.count, clean == 0 || text[clean - 1] != ASCII.space { return .unchanged }
        start(text, clean)
        var place = clean
        var validated = false
        while place < text.count {
            if text[place] < 0x80 {
                place = ascii(text, from: place)
                continue
            }
            if !validated, let bad = firstInvalidUTF8(UnsafeRawBufferPointer(rebasing: text[place...])) {
                return .invalid(at: place + bad)
            }
            validated = true
            place = foreign(text, from: place)
        }
        if count > 0, space[count - 1] == ASCII.space { count -= 1 }
        return form.elementsEqualBytes(text) ? .unchanged : .changed
    }

    private func start(_ text: UnsafeRawBufferPointer, _ clean: Int) {
        if space.count > Normaliser.kept {
            space.deallocate()
            space = .allocate(byteCount: 4_096, alignment: 16)
        }
        count = 0
        // Sixteen more, so that whole blocks can be stored.
        reserve(text.count + 16)
        space.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<clean]))
        count = clean
    }

    /// Folds ASCII up to the next byte that is not, and returns that byte's place.
    private func ascii(_ text: UnsafeRawBufferPointer, from begin: Int) -> Int {
        reserve(text.count - begin + 16)
        guard let source = text.baseAddress, let target = space.baseAddress else { return text.count }
        // In a variable of its own: what belongs to an object is written back with every step.
        var count = count
        defer { self.count = count }
        var place = begin
        while place < text.count {
            // What is written last and not what was read last: a space is written once however many are read.
            while place > 0, place + 16 <= text.count {
                let block = source.loadUnaligned(fromByteOffset: place, as: Block.self)
                let before = source.loadUnaligned(fromByteOffset: place - 1, as: Block.self)
                let joins = ASCII.isWhiteSpace(block[0]) && (count == 0 || target.byte(count - 1) == ASCII.space)
                guard ASCII.isSpaced(block, before: before), !joins else { break }
                target.storeBytes(of: ASCII.folded(block), toByteOffset: count, as: Block.self)
                place += 16
                count += 16
            }
            // A byte at a time through the block that stopped the loop.
            let end = min(place + 16, text.count)
            while place < end {
                let byte = text[place]
                if byte >= 0x80 { return place }
                place += 1
                if !ASCII.isWhiteSpace(byte) {
                    target.storeBytes(of: ASCII.lowered(byte), toByteOffset: count, as: UInt8.self)
                    count += 1
                } else if count > 0, target.byte(count - 1) != ASCII.space {
                    target.storeBytes(of: ASCII.space, toByteOffset: count, as: UInt8.self)
                    count += 1
                }
            }
        }
        return place
    }

    /// Folds everything up to the next ASCII byte. The character before may compose with what follows it, so it is
    /// taken back and folded again; an ASCII character never composes with what precedes it.
    private func foreign(_ text: UnsafeRawBufferPointer, from place: Int) -> Int {
        var end = place
        while end < text.count, text[end] >= 0x80 { end += 1 }
        var begin = place
        if place > 0, count > 0, !ASCII.isWhiteSpace(text[place - 1]) {
            begin -= 1
            count -= 1
        }
        var fold = CompatibilityFold()
        swap(&fold, &self.fold)
        fold.fold(UnsafeRawBufferPointer(rebasing: text[begin..<end])) { append($0) }
        swap(&fold, &self.fold)
        return end
    }

    private func append(_ point: UInt32) {
        reserve(4)
        if WhiteSpace.contains(point) {
            if count > 0, space[count - 1] != ASCII.space { put(UInt32(ASCII.space)) }
            return
        }
        switch point {
        case ..<0x80: put(point)
        case ..<0x800:
            put(0xC0 | point >> 6)
            put(0x80 | point & 0x3F)
        case ..<0x1_0000:
            put(0xE0 | point >> 12)
            put(0x80 | point >> 6 & 0x3F)
            put(0x80 | point & 0x3F)
        default:
            put(0xF0 | point >> 18)
            put(0x80 | point >> 12 & 0x3F)
            put(0x80 | point >> 6 & 0x3F)
            put(0x80 | point & 0x3F)
        }
    }

    private func put(_ byte: UInt32) {
        space[count] = UInt8(truncatingIfNeeded: byte)
        count += 1
    }

    private func reserve(_ more: Int) {
        guard space.count - count < more else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(2 * space.count, count + more), alignment: 16)
        larger.copyMemory(from: form)
        space.deallocate()
        space = larger
    }
}

/// Unicode's property White_Space.
enum WhiteSpace {
    static func contains(_ point: UInt32) -> Bool {
        switch point {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func byte(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
}

extension UnsafeRawBufferPointer {
    fileprivate func elementsEqualBytes(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let mine = baseAddress, let theirs = other.baseAddress else { return true }
        return memcmp(mine, theirs, count) == 0
    }
}
