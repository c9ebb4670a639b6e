import CCurl
import Glibc
import Model

/// One hop: one easy handle, and what its callbacks gathered. Confined to the fetcher's thread.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    let location: Location
    private(set) var headers = FetchHeaders()
    private(set) var body: [UInt8] = []
    /// Why a callback ended it, which says more than curl's code.
    private var failure: FetchError?
    private let rules: AddressRules
    private let maxBytes: Int
    private let cutsLongBodies: Bool
    private var isCut = false
    /// Where the body goes piece by piece; nil: it is held whole.
    var stream: BodyStream?
    private var list: UnsafeMutablePointer<curl_slist>?

    /// Nil when there is no memory.
    init?(_ request: FetchRequest, to location: Location, within time: Span, rules: AddressRules) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.location = location
        self.rules = rules
        maxBytes = request.maxBytes
        cutsLongBodies = request.cutsLongBodies
        setLimits(time)
        setRequest(request)
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(list)
    }

    private func setLimits(_ time: Span) {
        rookery_easy_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        rookery_easy_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)  // the fetcher follows, and judges each host by its name
        rookery_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // A proxy from the environment would be the only address judged.
        rookery_easy_set_string(easy, CURLOPT_PROXY, "")
        if !cutsLongBodies, maxBytes < Int.max {
            rookery_easy_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(maxBytes))
        }
        rookery_easy_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(time.milliseconds)))
        rookery_easy_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
        rookery_easy_set_long(easy, CURLOPT_LOW_SPEED_TIME, FetchLimits.silence)
        rookery_easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(FetchLimits.connectTime.milliseconds))
    }

    private func setRequest(_ request: FetchRequest) {
        rookery_easy_set_string(easy, CURLOPT_URL, location.description)
        rookery_easy_set_string(easy, CURLOPT_USERAGENT, request.userAgent)
        rookery_easy_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")  // every coding this libcurl can undo
        if let body = request.body { setBody(body) }
        guard location.host == request.location.host else { return }
        for header in request.headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
        rookery_easy_set_list(easy, CURLOPT_HTTPHEADER, list)
    }

    private func setBody(_ body: [UInt8]) {
        rookery_easy_set_long(easy, CURLOPT_POST, 1)
        rookery_easy_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        // It is copied here, by the size just set.
        body.withUnsafeBytes {
            _ = rookery_easy_set_pointer(
                easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
        }
    }

    private func setCallbacks() {
        let user = Unmanaged.passUnretained(self).toOpaque()
        rookery_easy_set_writer(easy, CURLOPT_HEADERFUNCTION) { data, _, count, user in
            Transfer.of(user).take(header: UnsafeRawBufferPointer(start: data, count: count)) ? count : 0
        }
        rookery_easy_set_pointer(easy, CURLOPT_HEADERDATA, user)
        rookery_easy_set_writer(easy, CURLOPT_WRITEFUNCTION) { data, _, count, user in
            let transfer = Transfer.of(user)
            let bytes = UnsafeRawBufferPointer(start: data, count: count)
            if let stream = transfer.stream { return transfer.take(bytes, into: stream) }
            return transfer.take(body: bytes) ? count : 0
        }
        rookery_easy_set_pointer(easy, CURLOPT_WRITEDATA, user)
        rookery_easy_set_open_socket(easy) { user, _, address in
            address.map { Transfer.of(user).openSocket($0) } ?? rookery_curl_bad_socket()
        }
        rookery_easy_set_pointer(easy, CURLOPT_OPENSOCKETDATA, user)
        rookery_easy_set_before_request(easy) { user, address, _, _, _ in
            let allowed = address.map { Transfer.of(user).mayUse(String(cString: $0)) } ?? false
            return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        rookery_easy_set_pointer(easy, CURLOPT_PREREQDATA, user)
    }

    // MARK: What curl asks and tells

    private func take(header line: UnsafeRawBufferPointer) -> Bool {
        if line.starts(with: "HTTP/".utf8) { headers = FetchHeaders() }  // an interim answer went before
        if headers.take(line: line) { return true }
        failure = FetchError(.tooLarge, "could not fetch \(location): its header is too long")
        return false
    }

    private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= maxBytes else {
            if cutsLongBodies {
                body.append(contentsOf: bytes.prefix(maxBytes - body.count))
                isCut = true
            } else {
                failure = tooLarge
            }
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// What does not fit waits in curl, and the sender with it.
    private func take(_ bytes: UnsafeRawBufferPointer, into stream: BodyStream) -> Int {
        stream.hasBegun = true
        guard stream.held.count < BodyStream.most else {
            stream.isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        stream.held.append(contentsOf: bytes)
        stream.wake()
        return bytes.count
    }

    private func openSocket(_ wanted: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let address = Transfer.address(of: wanted), allows(address) else { return rookery_curl_bad_socket() }
        let kind = wanted.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(wanted.pointee.family, kind, wanted.pointee.protocol)
    }

    private func mayUse(_ text: String) -> Bool { Address(text).map(allows) ?? false }

    private func allows(_ address: Address) -> Bool {
        guard let reason = rules.refusal(of: address, for: location.host) else {
            failure = nil  // the host's other address was refused, this one serves
            return true
        }
        let kind: FetchError.Kind = if case .noContact = reason { .contactMissing } else { .addressRefused }
        failure = FetchError(kind, "refused to connect to \(location.host): \(reason.words)")
        return false
    }

    private static func address(of wanted: UnsafeMutablePointer<curl_sockaddr>) -> Address? {
        let raw = UnsafeRawPointer(wanted).advanced(by: MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
        switch wanted.pointee.family {
        case AF_INET:
            let bytes = UnsafeRawBufferPointer(start: raw + 4, count: 4)  // after family and port
            return Address([UInt8](bytes))
        case AF_INET6:
            let bytes = UnsafeRawBufferPointer(start: raw + 8, count: 16)  // after family, port and flow
            return Address([UInt8](bytes))
        default: return nil
        }
    }

    // MARK: How it ended

    var status: Int {
        var code = 0
        rookery_easy_get_long(easy, CURLINFO_RESPONSE_CODE, &code)
        return code
    }

    var resolvedAddress: String { text(CURLINFO_PRIMARY_IP) ?? "" }

    /// Where a 3xx answer points, made absolute by curl.
    var redirect: String? { (300..<400).contains(status) ? text(CURLINFO_REDIRECT_URL) : nil }

    func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    func error(_ code: CURLcode) -> FetchError? {
        guard code != CURLE_OK, !isCut else { return nil }
        if let failure { return failure }
        let reason = String(cString: curl_easy_strerror(code))
        let kind: FetchError.Kind =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
            case CURLE_COULDNT_CONNECT: .notConnected
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_FILESIZE_EXCEEDED: .tooLarge
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM: .tls
            default: .brokenAnswer
            }
        if kind == .tooLarge { return tooLarge }
        return FetchError(kind, "could not fetch \(location): \(reason)")
    }

    private var tooLarge: FetchError {
        FetchError(.tooLarge, "could not fetch \(location): it is larger than \(maxBytes) bytes; raise max_bytes")
    }

    private func text(_ what: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        guard rookery_easy_get_string(easy, what, &value) == CURLE_OK, let value else { return nil }
        return String(cString: value)
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> Transfer {
        guard let user else { fatalError("curl called back without its transfer") }
        return Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
    }
}
