import Glibc

/// Text in some charset, made UTF-8 by the C library.
enum Charset {
    private static let longestName = 64  // bytes

    /// Names that pages use and the C library knows by another, or means something narrower by.
    private static let meant = [
        "utf8": "utf-8", "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252",
        "us-ascii": "windows-1252", "ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030",
        "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
        "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-euc-jp": "euc-jp", "utf-16": "utf-16le",
        "x-mac-roman": "macintosh", "big5-hkscs": "big5-hkscs", "iso-8859-9": "windows-1254",
    ]

    /// Nil when the charset is unknown or the text is not of it.
    static func utf8(_ bytes: [UInt8], from charset: String) -> [UInt8]? {
        convert(bytes[...], from: charset, replaces: false)
    }

    /// With U+FFFD for what is not of the charset; nil when the charset is unknown.
    static func readable(_ bytes: ArraySlice<UInt8>, from charset: String) -> [UInt8]? {
        let name = meant[charset.lowercased()] ?? charset.lowercased()
        if name == "utf-8" { return repaired(bytes) }
        return convert(bytes, from: name, replaces: true)
    }

    /// UTF-8 whose broken parts are U+FFFD.
    static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        String(validating: bytes, as: UTF8.self) != nil
            ? Array(bytes) : Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private static func convert(_ bytes: ArraySlice<UInt8>, from charset: String, replaces: Bool) -> [UInt8]? {
        guard !charset.isEmpty, charset.utf8.count <= longestName,
            charset.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") })
        else { return nil }
        let converter = iconv_open("UTF-8", charset)
        guard Int(bitPattern: converter) != -1, let converter else { return nil }
        defer { iconv_close(converter) }
        // Four bytes of UTF-8 for each byte given are always enough.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 4)
        var input = bytes.map { CChar(bitPattern: $0) }
        let written: Int? = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                var left = source.count
                var room = target.count
                while left > 0 {
                    let failed = iconv(converter, &from, &left, &to, &room) == Int(bitPattern: UInt.max)
                    guard failed else { break }
                    // What fits no charset is one byte of U+FFFD, and so is a character that is cut off at the end.
                    guard replaces, errno == EILSEQ || errno == EINVAL, left > 0, room >= 3 else { return nil }
                    for byte in [0xEF, 0xBF, 0xBD] as [UInt8] {
                        to?.pointee = CChar(bitPattern: byte)
                        to = to?.advanced(by: 1)
                    }
                    room -= 3
                    from = from?.advanced(by: 1)
                    left -= 1
                }
                return left > 0 ? nil : target.count - room
            }
        }
        return written.map { count in output[..<count].map { UInt8(bitPattern: $0) } }
    }

    /// What a byte order mark says, and its length.
    static func marked(_ bytes: [UInt8]) -> (charset: String, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return ("utf-8", 3) }
        if bytes.starts(with: [0xFE, 0xFF]) { return ("utf-16be", 2) }
        if bytes.starts(with: [0xFF, 0xFE]) { return ("utf-16le", 2) }
        return nil
    }

    /// What a page says of itself in its first 1,024 bytes: `<meta charset=…>` or the older form with `http-equiv`.
    static func declared(inHTML bytes: [UInt8]) -> String? {
        let head = bytes.prefix(1_024).map { (65...90).contains($0) ? $0 + 32 : $0 }
        var rest = head[...]
        while let found = rest.firstRange(of: Array("<meta".utf8)) {
            let tag = rest[found.upperBound...].prefix { $0 != UInt8(ascii: ">") }
            rest = rest[tag.endIndex...]
            guard let at = tag.firstRange(of: Array("charset".utf8)) else { continue }
            let value = tag[at.upperBound...].drop { " \t\n\r=\"'".utf8.contains($0) }
            let name = value.prefix { !" \t\n\r\"';/".utf8.contains($0) }
            if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
        }
        return nil
    }
}
