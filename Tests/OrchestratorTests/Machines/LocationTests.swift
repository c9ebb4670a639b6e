import Testing

@testable import Orchestrator

@Suite struct LocationTests {
    @Test(arguments: [
        ("https://Example.ORG/a", "example.org"), ("http://x.example:8080?q", "x.example"),
        ("HTTPS://u:p@x.example.", "x.example"), ("https://[2001:DB8::1]:443/", "[2001:db8::1]"),
        ("https://x.example#f", "x.example"), ("http://127.0.0.1/", "127.0.0.1"),
    ])
    func `the host of a URL`(location: String, host: String) {
        #expect(Location.host(of: location) == host)
    }

    @Test(arguments: [
        "", "https://", "http:///x", "ftp://x", "/etc/hosts", "https://[::1", "https://:80/", "x.example",
    ])
    func `no host`(location: String) {
        #expect(Location.host(of: location) == nil)
    }

    @Test func `capabilities are named as the types of targets are`() {
        #expect(TargetType(name: "domain") == .crawl)
        #expect(TargetType(name: "Web") == nil)
        #expect(TargetType.allCases.map(\.name).joined(separator: ", ") == TargetType.names)
        #expect(TargetType.allCases.filter(\.belongsToHost).map(\.name) == ["file", "exec", "notebook"])
    }
}
