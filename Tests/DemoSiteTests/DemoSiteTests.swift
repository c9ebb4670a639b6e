import DemoSite
import Model
import TestKit
import Testing
import Transport

@Suite("Demo site")
struct DemoSiteTests {
    @Test func `Hosts are told apart, requests are counted, time moves pages on`() async throws {
        let loop = try EventLoop(name: "site")
        defer { loop.stop() }
        let clock = ManualTime()
        let site = try DemoSite(loop: loop, address: SocketAddress(host: "127.0.0.1", port: 0), clock: clock)
        func get(_ host: String, _ path: String) throws -> String {
            let request = "GET \(path) HTTP/1.1\r\nHost: \(host):\(site.address.port)\r\nConnection: close\r\n\r\n"
            let answer = try rawExchange(port: site.address.port, sending: Array(request.utf8))
            return String(decoding: answer, as: UTF8.self)
        }
        #expect(try get("alpha.localhost", "/").contains("<title>alpha.localhost</title>"))
        #expect(try get("beta.localhost", "/").contains("<title>beta.localhost</title>"))
        let statuses = try (1...3).map { _ in try get("alpha.localhost", "/busy").prefix(12) }
        #expect(statuses == ["HTTP/1.1 503", "HTTP/1.1 503", "HTTP/1.1 200"])
        #expect(try get("weather.localhost", "/stations/1.json").contains("\"revision\": 0"))
        clock.advance(by: .seconds(31))
        #expect(try get("weather.localhost", "/stations/1.json").contains("\"revision\": 2"))
        #expect(site.targets().first?.location == "http://alpha.localhost:\(site.address.port)/articles/1")
        await site.stop()
    }
}
