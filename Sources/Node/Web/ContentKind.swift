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
    func ifReadable(_ content: [UInt8]) -> ContentKind {
        content.contains(0) || String(validating: content, as: UTF8.self) == nil ? .binary : self
    }
}
