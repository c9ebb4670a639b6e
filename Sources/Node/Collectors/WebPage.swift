import Fetching
import Model
import Wire

/// A response as an artifact has it: content in UTF-8 where it is text, and what the header says about it.
struct WebPage {
    let kind: ContentKind
    let content: [UInt8]
    private(set) var metadata: [(key: String, value: String)]
    /// Headers by which a site says what may be done with its pages, as they came.
    let signals: StringMap

    private static let signalHeaders = ["x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal"]
    private static let maxTitle = 256

    init(_ response: FetchResponse) {
        let type = MediaType(response.headers["content-type"] ?? "")
        let plain = type.charset.flatMap { $0 == "utf-8" ? nil : Charset.utf8(response.body, from: $0) }
        content = plain ?? response.body
        kind = ContentKind(mediaType: type.name, content: content)
        metadata = [
            ("domain", response.location.host), ("source_type", "web"), ("collection_method", "http_get"),
            ("http_status", "\(response.status)"), ("media_type", type.name.prefix(utf8: Limits.maxMetadataValue)),
        ]
        if let charset = type.charset { metadata.append(("charset", charset.prefix(utf8: Limits.maxMetadataValue))) }
        if kind == .html, let title = WebPage.title(content) { metadata.append(("title", title)) }
        signals = WebPage.signals(of: response)
    }

    static func signals(of response: FetchResponse) -> StringMap {
        StringMap(
            WebPage.signalHeaders.compactMap { name in
                response.headers[name].map { (key: name, value: $0.prefix(utf8: Limits.maxMetadataValue)) }
            })
    }

    /// The text of the first title element, white space collapsed. Character references stay as they are.
    private static func title(_ content: [UInt8]) -> String? {
        let head = String(decoding: content.prefix(16 * Limits.kibibyte), as: UTF8.self)
        let lower = head.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
        guard let start = lower.firstRange(of: Array("<title".utf8)),
            let open = lower[start.upperBound...].firstIndex(of: UInt8(ascii: ">")),
            let end = lower[open...].firstRange(of: Array("</title".utf8))
        else { return nil }
        let text = String(decoding: Array(head.utf8)[(open + 1)..<end.lowerBound], as: UTF8.self)
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        return words.isEmpty ? nil : words.prefix(utf8: maxTitle)
    }
}

/// "text/html; charset=utf-8", taken apart; everything in lower case.
struct MediaType: Equatable {
    let name: String
    let charset: String?

    init(_ header: String) {
        let parts = header.lowercased().split(separator: ";").map { $0.split { $0 == " " || $0 == "\t" }.joined() }
        name = parts.first ?? ""
        let values = parts.dropFirst().compactMap { part in
            part.hasPrefix("charset=") ? part.dropFirst(8).filter { $0 != "\"" && $0 != "'" } : nil
        }
        charset = values.first.flatMap { $0.isEmpty ? nil : $0 }
    }
}
