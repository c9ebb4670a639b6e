import Glibc
import TestKit
import Testing

/// Debian's nginx, unpacked by `scripts/collect-tools`, serving a directory on loopback. It ends with the value.
final class Nginx {
    let port: UInt16
    let root: String
    private let prefix: String

    private static let binary = Python.root + "/.build/collect/nginx/usr/sbin/nginx"

    /// `locations` go into the server's block of the configuration.
    init(_ directory: TemporaryDirectory, locations: String) throws {
        prefix = directory.file("nginx")
        root = prefix + "/site"
        for path in [prefix, root, prefix + "/temporary"] { mkdir(path, 0o755) }
        var failure = ""
        // A port that was free may be taken a moment later.
        for _ in 0..<5 {
            let port = try Nginx.freePort()
            try ProcFile.write(Array(Nginx.configuration(port, locations).utf8), to: prefix + "/nginx.conf")
            do {
                let words = [Nginx.binary, "-p", prefix, "-c", "nginx.conf", "-e", "errors"].map(Python.quoted)
                // It goes on in the background, and must not hold this output open.
                _ = try Python.shell("\(words.joined(separator: " ")) 2>\(Python.quoted(prefix + "/start"))")
                self.port = port
                return
            } catch {
                failure = ProcFile.read(prefix + "/start") ?? "\(error)"
            }
        }
        throw Python.Failure(description: "nginx did not start; run ./scripts/collect-tools: \(failure)")
    }

    deinit {
        guard let pid = pid else { return }
        kill(pid, SIGTERM)
        // It is no child of this process: its file goes when it has ended.
        for _ in 0..<500 where access(prefix + "/pid", F_OK) == 0 { poll(nil, 0, 10) }
    }

    private var pid: pid_t? { ProcFile.read(prefix + "/pid").flatMap { pid_t($0.filter { $0 != "\n" }) } }

    var address: String { "http://127.0.0.1:\(port)" }
    /// A line for each request: method, path, status, encoding of the answer.
    var requests: [String] { (ProcFile.read(prefix + "/requests") ?? "").split(separator: "\n").map(String.init) }

    func write(_ text: String, to name: String) throws {
        try ProcFile.write(Array(text.utf8), to: root + "/" + name)
    }

    private static func configuration(_ port: UInt16, _ locations: String) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path temporary/\($0);" }.joined(separator: " ")
        // As root it would serve as somebody else, who may not read the test's directory.
        let user = getuid() == 0 ? "user root;" : ""
        return """
            \(user) worker_processes 1; pid pid; error_log errors;
            events { worker_connections 64; }
            http {
                \(temporary)
                types { text/html html; application/rss+xml rss; application/atom+xml atom; text/csv csv; }
                default_type application/octet-stream; charset utf-8; etag on;
                gzip on; gzip_min_length 1; gzip_types text/csv application/rss+xml application/atom+xml;
                log_format short '$request_method $uri $status $sent_http_content_encoding';
                access_log requests short;
                server { listen 127.0.0.1:\(port); root site; \(locations) }
            }
            """
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(isBound)
        return UInt16(bigEndian: address.sin_port)
    }
}
