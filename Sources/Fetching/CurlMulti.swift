import CCurl
import Glibc
import Model
import Transport

/// libcurl's multi handle, confined to one thread, driven by somebody's sockets and timer.
final class CurlMulti {
    /// Empty: no longer.
    var watch: (curl_socket_t, Interest) -> Void = { _, _ in }
    /// Nil: no timer.
    var arm: (Span?) -> Void = { _ in }

    private let handle: UnsafeMutableRawPointer
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]

    /// Nil when there is no memory.
    init?() {
        // Thread-safe since 7.84, and counted: once a multi handle is enough.
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let handle = curl_multi_init() else { return nil }
        self.handle = handle
        let user = Unmanaged.passUnretained(self).toOpaque()
        rookery_multi_set_long(handle, CURLMOPT_MAXCONNECTS, FetchLimits.connectionsKept)
        rookery_multi_set_socket(
            handle,
            { _, socket, what, user, _ in
                CurlMulti.of(user)?.socketChanged(socket, what)
                return 0
            }, user)
        rookery_multi_set_timer(
            handle,
            { _, milliseconds, user in
                CurlMulti.of(user)?.arm(milliseconds < 0 ? nil : .milliseconds(UInt64(milliseconds)))
                return 0
            }, user)
    }

    deinit {
        for easy in transfers.keys { curl_multi_remove_handle(handle, easy) }
        transfers = [:]
        curl_multi_cleanup(handle)
        curl_global_cleanup()
    }

    var count: Int { transfers.count }

    func start(_ transfer: Transfer) {
        transfers[transfer.easy] = transfer
        curl_multi_add_handle(handle, transfer.easy)
    }

    func stop(_ transfer: Transfer) {
        guard transfers.removeValue(forKey: transfer.easy) != nil else { return }
        curl_multi_remove_handle(handle, transfer.easy)
    }

    /// Both return the transfers that ended.
    func ready(_ socket: curl_socket_t, _ interest: Interest) -> [(Transfer, CURLcode)] {
        advance(
            socket,
            (interest.contains(.read) ? CURL_CSELECT_IN : 0) | (interest.contains(.write) ? CURL_CSELECT_OUT : 0))
    }

    func timerFired() -> [(Transfer, CURLcode)] { advance(rookery_curl_timeout_socket(), 0) }

    private func advance(_ socket: curl_socket_t, _ events: Int32) -> [(Transfer, CURLcode)] {
        var running: Int32 = 0
        curl_multi_socket_action(handle, socket, events, &running)
        var ended: [(Transfer, CURLcode)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let result = rookery_message_result(message)  // before the removal, which frees the message
            guard let transfer = transfers.removeValue(forKey: easy) else { continue }
            curl_multi_remove_handle(handle, easy)
            ended.append((transfer, result))
        }
        return ended
    }

    private func socketChanged(_ socket: curl_socket_t, _ what: Int32) {
        var interest: Interest = []
        if what != CURL_POLL_REMOVE {
            if what & CURL_POLL_IN != 0 { interest.insert(.read) }
            if what & CURL_POLL_OUT != 0 { interest.insert(.write) }
        }
        watch(socket, interest)
    }

    private static func of(_ user: UnsafeMutableRawPointer?) -> CurlMulti? {
        user.map { Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
    }
}
