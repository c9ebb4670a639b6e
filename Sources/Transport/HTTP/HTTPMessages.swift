/// A request as its handler sees it: complete, its body included.
package struct HTTPRequest: Sendable {
    package let method: String
    /// Path and query, as they were sent.
    package let target: String
    /// Names in lower case; of a repeated header, the last.
    package let headers: [String: String]
    package let body: [UInt8]

    /// The Host header, port included.
    package var host: String { headers["host"] ?? "" }
}

/// Content-Length and Date are added where the answer has a body.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
