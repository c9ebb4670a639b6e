import CCurl

/// An http or https address, read by the same parser that connects, so that what was judged is what is used.
package struct Location: Hashable, Sendable, CustomStringConvertible {
    /// As curl writes it: numeric hosts as dotted quads.
    package let description: String
    package let scheme: String
    /// In lower case, without the brackets of IPv6.
    package let host: String
    package let port: UInt16

    package init(_ text: String) throws(FetchError) {
        guard let handle = curl_url() else { throw FetchError(.badLocation, "out of memory while reading a location") }
        defer { curl_url_cleanup(handle) }
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER))
        guard code == CURLUE_OK, let scheme = Location.part(handle, CURLUPART_SCHEME),
            let host = Location.part(handle, CURLUPART_HOST), !host.isEmpty,
            let port = Location.part(handle, CURLUPART_PORT).flatMap({ UInt16($0) }),
            let url = Location.part(handle, CURLUPART_URL)
        else {
            throw FetchError(
                .badLocation,
                "location \"\(text.prefix(200))\": \(Location.words(code)); give http://host/path, without credentials")
        }
        guard scheme == "http" || scheme == "https" else {
            throw FetchError(
                .badLocation, "location \"\(text.prefix(200))\": the scheme \(scheme) is refused; give http or https")
        }
        self.scheme = scheme
        self.host = (host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host).lowercased()
        self.port = port
        description = url
    }

    private static func words(_ code: CURLUcode) -> String {
        switch code {
        case CURLUE_OK: "it names no host"
        case CURLUE_USER_NOT_ALLOWED: "it carries credentials"
        default: String(cString: curl_url_strerror(code)).lowercased()
        }
    }

    private static func part(_ handle: OpaquePointer, _ what: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, what, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
