import Glibc
import Model

/// The content types of artifacts that collectors tell apart.
enum ContentKind: String {
    case text, html, json, xml, code, data, binary

    /// From a media type, without its parameters.
    init(mediaType: String, content: [UInt8]) {
        let kind: ContentKind? =
            switch mediaType {
            case "text/html", "application/xhtml+xml": .html
            case "application/json": .json
            case "text/xml", "application/xml": .xml
            case "text/csv", "text/tab-separated-values", "application/x-ndjson": .data
            case _ where mediaType.hasSuffix("+json"): .json
            case _ where mediaType.hasSuffix("+xml"): .xml
            case _ where mediaType.isEmpty || mediaType.hasPrefix("text/"): .text
            default: nil
            }
        self = kind.map { $0.ifReadable(content) } ?? .binary
    }

    /// From a file's name.
    init(fileName: String, content: [UInt8]) {
        let kind: ContentKind =
            switch fileName.split(separator: ".").last.map({ $0.lowercased() }) {
            case "html", "htm", "xhtml": .html
            case "json": .json
            case "xml", "rss", "atom": .xml
            case "csv", "tsv", "jsonl", "ndjson": .data
            case "c", "cc", "cpp", "cs", "go", "h", "hpp", "java", "js", "kt", "php", "pl", "py", "rb", "rs", "sh",
                "sql", "swift", "ts":
                .code
            default: .text
            }
        self = kind.ifReadable(content)
    }

    /// Everything but `binary` is UTF-8.
    private func ifReadable(_ content: [UInt8]) -> ContentKind {
        content.contains(0) || String(validating: content, as: UTF8.self) == nil ? .binary : self
    }
}

/// Text in some charset, made UTF-8 by the C library.
enum Charset {
    /// Nil when the charset is unknown or the text is not of it.
    static func utf8(_ bytes: [UInt8], from charset: String) -> [UInt8]? {
        guard !charset.isEmpty, charset.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") }) else {
            return nil
        }
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
                let failed = iconv(converter, &from, &left, &to, &room) == Int(bitPattern: UInt.max)
                return failed || left > 0 ? nil : target.count - room
            }
        }
        return written.map { count in output[..<count].map { UInt8(bitPattern: $0) } }
    }
}
