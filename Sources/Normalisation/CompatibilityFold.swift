import CUTF8Proc

/// NFKC_Casefold of one run of text: compatibility decomposition, case folding, without default ignorables, composed.
///
/// It is taken of the text's canonical decomposition, as Unicode's identifier caseless match (D147) asks: the iota
/// subscript folds to a letter, and marks must stand in order before it does.
///
/// utf8proc's own loop over a text orders combining marks in quadratic time, which one hostile mebibyte of marks turns
/// into minutes; here each character is decomposed by itself and marks are sorted.
struct CompatibilityFold {
    private static let canonical = utf8proc_option_t(UTF8PROC_STABLE.rawValue | UTF8PROC_DECOMPOSE.rawValue)
    private static let folding = utf8proc_option_t(
        UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue | UTF8PROC_COMPAT.rawValue | UTF8PROC_CASEFOLD.rawValue
            | UTF8PROC_IGNORE.rawValue)
    private static let longestDecomposition = 32  // code points of one character; Unicode's longest is 18
    private static let kept = 1 << 16  // code points kept between calls

    private var points: [Int32] = []
    private var count = 0
    private var keys: [UInt64] = []

    /// Gives every code point of the folded run. The run is well-formed UTF-8, begins where nothing before it can
    /// compose with it, and ends the same way.
    mutating func fold(_ run: UnsafeRawBufferPointer, _ each: (UInt32) -> Void) {
        count = 0
        if CompatibilityFold.mayHoldIotaSubscript(run) {
            decompose(run, CompatibilityFold.canonical)
            let ordered = points[..<count]
            count = 0
            points = []
            for point in ordered { decompose(point, CompatibilityFold.folding) }
        } else {
            decompose(run, CompatibilityFold.folding)
        }
        order()
        points.withUnsafeMutableBufferPointer { points in
            let composed = utf8proc_normalize_utf32(points.baseAddress, count, CompatibilityFold.folding)
            for index in 0..<max(0, composed) { each(UInt32(bitPattern: points[index])) }
        }
        if points.count > CompatibilityFold.kept { (points, keys) = ([], []) }
    }

    /// U+0345, and the letters from U+1F80 on that hold it.
    private static func mayHoldIotaSubscript(_ run: UnsafeRawBufferPointer) -> Bool {
        for (place, byte) in run.enumerated() {
            let next = place + 1 < run.count ? run[place + 1] : 0
            if (byte == 0xCD && next == 0x85) || (byte == 0xE1 && next >= 0xBE) { return true }
        }
        return false
    }

    private mutating func decompose(_ run: UnsafeRawBufferPointer, _ options: utf8proc_option_t) {
        var place = 0
        while place < run.count { decompose(CompatibilityFold.decode(run, &place), options) }
        if options == CompatibilityFold.canonical { order() }
    }

    private mutating func decompose(_ point: Int32, _ options: utf8proc_option_t) {
        if points.count - count < CompatibilityFold.longestDecomposition {
            points.append(contentsOf: repeatElement(0, count: max(256, points.count)))
        }
        var boundClass: Int32 = 0
        let added = points.withUnsafeMutableBufferPointer {
            utf8proc_decompose_char(
                point, $0.baseAddress.map { $0 + count }, $0.count - count, options, &boundClass)
        }
        precondition(added >= 0 && added <= points.count - count, "utf8proc could not decompose U+\(point)")
        count += added
    }

    /// Puts each run of combining marks into the order of their classes; marks of one class keep theirs.
    private mutating func order() {
        var start = 0
        while start < count {
            guard CompatibilityFold.markClass(points[start]) != 0 else {
                start += 1
                continue
            }
            keys.removeAll(keepingCapacity: true)
            var end = start
            while end < count, case let mark = CompatibilityFold.markClass(points[end]), mark != 0 {
                keys.append(UInt64(mark) << 56 | UInt64(end - start) << 24 | UInt64(UInt32(bitPattern: points[end])))
                end += 1
            }
            if end - start > 1 {
                keys.sort()
                for (offset, key) in keys.enumerated() { points[start + offset] = Int32(key & 0xFF_FFFF) }
            }
            start = end
        }
    }

    private static func markClass(_ point: Int32) -> Int16 { utf8proc_get_property(point).pointee.combining_class }

    private static func decode(_ run: UnsafeRawBufferPointer, _ place: inout Int) -> Int32 {
        let first = Int32(run[place])
        func next(_ offset: Int) -> Int32 { Int32(run[place + offset] & 0x3F) }
        switch first {
        case ..<0x80:
            defer { place += 1 }
            return first
        case ..<0xE0:
            defer { place += 2 }
            return (first & 0x1F) << 6 | next(1)
        case ..<0xF0:
            defer { place += 3 }
            return (first & 0x0F) << 12 | next(1) << 6 | next(2)
        default:
            defer { place += 4 }
            return (first & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3)
        }
    }
}

/// The version of Unicode that every normal form here is of; part of what identifies a digest.
package let unicodeVersion = String(cString: utf8proc_unicode_version())
