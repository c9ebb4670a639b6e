import CEvent

/// One request of libevent's, read and answered before its callback returns.
struct HTTPExchange {
    private let request: OpaquePointer

    init(_ request: OpaquePointer) { self.request = request }

    /// Nil when libevent let something through that is not a request.
    func read() -> HTTPRequest? {
        guard let target = evhttp_request_get_uri(request) else { return nil }
        return HTTPRequest(
            method: method, target: String(cString: target), headers: headers,
            body: bytes(of: evhttp_request_get_input_buffer(request)))
    }

    func answer(_ response: HTTPResponse) {
        let headers = evhttp_request_get_output_headers(request)
        for (name, value) in response.headers {
            // Refuses what would break out of the header; such a header is left out.
            evhttp_add_header(headers, name, value)
        }
        let sent = response.body.withUnsafeBytes {
            evbuffer_add(evhttp_request_get_output_buffer(request), $0.baseAddress, $0.count)
        }
        evhttp_send_reply(request, sent == 0 ? Int32(response.status) : 500, nil, nil)
    }

    private var method: String {
        switch evhttp_request_get_command(request) {
        case EVHTTP_REQ_GET: "GET"
        case EVHTTP_REQ_HEAD: "HEAD"
        case EVHTTP_REQ_POST: "POST"
        case EVHTTP_REQ_PUT: "PUT"
        case EVHTTP_REQ_DELETE: "DELETE"
        case EVHTTP_REQ_OPTIONS: "OPTIONS"
        case EVHTTP_REQ_PATCH: "PATCH"
        default: "OTHER"
        }
    }

    private var headers: [String: String] {
        var headers: [String: String] = [:]
        var next = evhttp_request_get_input_headers(request)?.pointee.tqh_first
        while let entry = next?.pointee {
            if let key = entry.key, let value = entry.value {
                headers[String(cString: key).lowercased()] = String(cString: value)
            }
            next = entry.next.tqe_next
        }
        return headers
    }

    private func bytes(of buffer: OpaquePointer?) -> [UInt8] {
        guard let buffer else { return [] }
        let length = evbuffer_get_length(buffer)
        return [UInt8](unsafeUninitializedCapacity: length) { target, count in
            count = max(0, Int(evbuffer_copyout(buffer, target.baseAddress, length)))
        }
    }
}
