import CCurl

/// An http or https address, read by the same parser that connects, so that what was judged is what is used.
package struct Location: Hashable, Sendable, CustomStringConvertible {
    /// As curl writes it: numeric hosts as dotted quads; the host in lower case, without the port that its scheme has
    /// anyway.
    package let description: String
    package let scheme: String
    /// In lower case, without the brackets of IPv6.
    package let host: String
    package let port: UInt16

    /// Path and query as they are asked for; a fragment is never sent.
    package let pathAndQuery: String

    /// Scheme, host and port.
    package var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(name):\(port)"
    }

    package init(_ text: String) throws(FetchError) { try self.init(text, at: nil) }

    /// `text` as it is meant on the page at `base`; nil when it is no http or https address.
    package init?(_ text: String, on base: Location) {
        // What leads to a place on the page leads to the page.
        if text.isEmpty || text.hasPrefix("#") {
            self = base
            return
        }
        guard let location = try? Location(text, at: base.description) else { return nil }
        self = location
    }

    private init(_ text: String, at base: String?) throws(FetchError) {
        guard let handle = curl_url() else { throw FetchError(.badLocation, "out of memory while reading a location") }
        defer { curl_url_cleanup(handle) }
        if let base { curl_url_set(handle, CURLUPART_URL, base, 0) }
        let flags = base == nil ? CURLU_DISALLOW_USER : CURLU_DISALLOW_USER | CURLU_URLENCODE
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(flags))
        curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        guard code == CURLUE_OK, let scheme = Location.part(handle, CURLUPART_SCHEME),
            let host = Location.part(handle, CURLUPART_HOST), !host.isEmpty,
            let port = Location.part(handle, CURLUPART_PORT).flatMap({ UInt16($0) }),
            let url = Location.part(handle, CURLUPART_URL, CURLU_NO_DEFAULT_PORT)
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
        let begin = scheme.utf8.count + 3  // credentials are refused, so the host stands there
        description = "\(scheme)://" + host.lowercased() + String(url.dropFirst(begin + host.count))
        let query = Location.part(handle, CURLUPART_QUERY).map { "?\($0)" } ?? ""
        pathAndQuery = (Location.part(handle, CURLUPART_PATH) ?? "/") + query
    }

    private static func words(_ code: CURLUcode) -> String {
        switch code {
        case CURLUE_OK: "it names no host"
        case CURLUE_USER_NOT_ALLOWED: "it carries credentials"
        default: String(cString: curl_url_strerror(code)).lowercased()
        }
    }

    private static func part(
        _ handle: OpaquePointer, _ what: CURLUPart, _ port: Int32 = CURLU_DEFAULT_PORT
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, what, &text, UInt32(port)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
