import Model
import Synchronization
import Transport

/// A site of pages that are all different, on every loopback address at once, so that one port is many hosts.
final class PageSite: Sendable {
    private let loop: EventLoop
    private let server: HTTPServer
    private let asked: Counted

    private final class Counted: Sendable {
        let pages = Atomic<Int>(0)
    }

    var port: UInt16 { server.address.port }
    var pagesAsked: Int { asked.pages.load(ordering: .relaxed) }

    init(pageBytes: Int) throws {
        let texts = PageSite.texts(pageBytes)
        let asked = Counted()
        self.asked = asked
        loop = try EventLoop(name: "site")
        var options = HTTPServer.Options()
        options.idleSeconds = 300
        server = try HTTPServer(
            loop: loop, address: SocketAddress(host: "0.0.0.0", port: 0), options: options
        ) { request in
            guard let number = Int(request.target.dropFirst(3)), request.target.hasPrefix("/p/") else {
                return HTTPResponse(status: 404)
            }
            asked.pages.add(1, ordering: .relaxed)
            let body = PageSite.page(number, texts[number % texts.count])
            return HTTPResponse(status: 200, headers: ["Content-Type": "text/html; charset=utf-8"], body: body)
        }
    }

    func stop() async {
        await server.stop()
        loop.stop()
    }

    /// Where page `number` is, on one of `hosts` addresses.
    func location(_ number: Int, hosts: Int) -> String {
        let host = number % hosts
        return "http://127.1.\(host / 250).\(host % 250 + 1):\(port)/p/\(number)"
    }

    private static func texts(_ bytes: Int) -> [[UInt8]] {
        var generator = TextGenerator(seed: 40)
        return (0..<64).map { _ in generator.text(bytes: bytes * 3 / 4) }
    }

    /// A page as pages are: a head, navigation, a main part in paragraphs, a footer.
    private static func page(_ number: Int, _ text: [UInt8]) -> [UInt8] {
        var page = Array(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page \(number)</title>
            <meta name="description" content="One of many pages"><link rel="canonical" href="/p/\(number)"></head>
            <body><nav><ul><li><a href="/">Home</a></li><li><a href="/p/\(number + 1)">Next</a></li>
            <li><a href="/about">About</a></li></ul></nav><main><h1>Page number \(number)</h1>
            """.utf8)
        var rest = text[...]
        while !rest.isEmpty {
            page += Array("<p>".utf8) + rest.prefix(480) + Array("</p>\n".utf8)
            rest = rest.dropFirst(480)
        }
        page += Array("<p>This was page \(number).</p></main><footer>Contact, imprint</footer></body></html>".utf8)
        return page
    }
}
