import Testing

@testable import Node

@Suite("robots.txt, by RFC 9309")
struct RobotsRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let path: String
        let isAllowed: Bool
        var testDescription: String { "\(path) with \(text.debugDescription)" }

        init(_ text: String, _ path: String, _ isAllowed: Bool) {
            (self.text, self.path, self.isAllowed) = (text, path, isAllowed)
        }
    }

    private static let everyone = "User-agent: *\n"

    static let paths: [Case] = [
        .init("", "/", true), .init("# nothing\n", "/a", true), .init("\(everyone)Disallow:", "/a", true),
        .init("\(everyone)Disallow: /", "/", false), .init("\(everyone)Disallow: /", "/a/b?c", false),
        .init("\(everyone)Disallow: /", "/robots.txt", true), .init("\(everyone)Disallow: /a", "/a", false),
        .init("\(everyone)Disallow: /a", "/ab", false), .init("\(everyone)Disallow: /a", "/A", true),
        .init("\(everyone)Disallow: /a/", "/a", true), .init("\(everyone)Disallow: /a/", "/a/", false),
        .init("\(everyone)Disallow: /a", "/b/a", true), .init("\(everyone)Allow: /a", "/b", true),
        // The longest match counts, wherever it stands.
        .init("\(everyone)Disallow: /\nAllow: /a", "/a/b", true),
        .init("\(everyone)Allow: /a\nDisallow: /", "/a/b", true),
        .init("\(everyone)Allow: /a\nDisallow: /a/b", "/a/b/c", false),
        .init("\(everyone)Allow: /a\nDisallow: /a/b", "/a/c", true),
        .init("\(everyone)Allow: /page\nDisallow: /page", "/page", true),
        .init("\(everyone)Disallow: /page\nAllow: /page", "/page", true),
        .init("\(everyone)Allow: /folder\nDisallow: /folder/", "/folder/x", false),
        .init("\(everyone)Disallow: /a*b\nAllow: /ax", "/axb", false),
        .init("\(everyone)Allow: /p\nDisallow: /", "/page", true),
        .init("\(everyone)Allow: /$\nDisallow: /", "/", true),
        .init("\(everyone)Allow: /$\nDisallow: /", "/page.html", false),
        .init("\(everyone)Allow: /page\nDisallow: /*.html", "/page.html", false),
        // Wildcards.
        .init("\(everyone)Disallow: /*.php", "/a.php", false), .init("\(everyone)Disallow: /*.php", "/a.php?b", false),
        .init("\(everyone)Disallow: /*.php", "/a.PHP", true), .init("\(everyone)Disallow: /*.php$", "/a.php", false),
        .init("\(everyone)Disallow: /*.php$", "/a.php?b", true), .init("\(everyone)Disallow: /*.php$", "/a.php5", true),
        .init("\(everyone)Disallow: /a*/c", "/a/b/c", false), .init("\(everyone)Disallow: /a*/c", "/a/b/d", true),
        .init("\(everyone)Disallow: /a**b", "/axb", false), .init("\(everyone)Disallow: *", "/x", false),
        .init("\(everyone)Disallow: /*a*b*c", "/xaybzc", false), .init("\(everyone)Disallow: /*a*b*c", "/xcybza", true),
        .init("\(everyone)Disallow: /a$", "/a", false), .init("\(everyone)Disallow: /a$", "/ab", true),
        .init("\(everyone)Disallow: /a$b", "/a$b", false), .init("\(everyone)Disallow: /*aa$", "/aaa", false),
        // Percent-encoding.
        .init("\(everyone)Disallow: /%7Ea", "/~a", false), .init("\(everyone)Disallow: /~a", "/%7ea", false),
        .init("\(everyone)Disallow: /a%3cd", "/a%3Cd", false), .init("\(everyone)Disallow: /ü", "/%C3%BC", false),
        .init("\(everyone)Disallow: /%C3%BC", "/%c3%bc", false), .init("\(everyone)Disallow: /a%2Fb", "/a/b", true),
        .init("\(everyone)Disallow: /a%2Fb", "/a%2fb", false),
        .init("\(everyone)Disallow: /foo/bar?q=%C3%9F", "/foo/bar?q=%C3%9F", false),
        // Groups.
        .init("User-agent: rookery\nDisallow: /a\n\(everyone)Disallow: /b", "/a", false),
        .init("User-agent: rookery\nDisallow: /a\n\(everyone)Disallow: /b", "/b", true),
        .init("User-agent: ROOKERY\nDisallow: /a", "/a", false),
        .init("User-agent: rookery/2.0 (x)\nDisallow: /a", "/a", false),
        .init("User-agent: rook\nDisallow: /", "/a", true), .init("User-agent: rookeryx\nDisallow: /", "/a", true),
        .init("User-agent: other\nUser-agent: rookery\nDisallow: /a", "/a", false),
        .init("User-agent: other\nDisallow: /\nUser-agent: rookery\nDisallow: /b", "/a", true),
        .init(
            "User-agent: rookery\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: rookery\nDisallow: /b", "/b",
            false),
        .init(
            "User-agent: rookery\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: rookery\nDisallow: /b", "/c",
            true),
        .init("User-agent: rookery\n\(everyone)Disallow: /a", "/a", false),
        .init("User-agent: rookery\nCrawl-delay: 1\n\(everyone)Disallow: /a", "/a", true),
        .init("Disallow: /a\n\(everyone)Disallow: /b", "/a", true),
        .init("\(everyone)Disallow: /a\n\n\nDisallow: /b", "/b", false),
        .init("\(everyone)Sitemap: http://x/s\nDisallow: /a", "/a", false),
        .init("User-agent: x\nSitemap: http://x/s\nUser-agent: rookery\nDisallow: /a", "/a", false),
        // Writing.
        .init("user-AGENT:*\ndisALLOW:/a", "/a", false), .init("User-agent : * \t\n Disallow :\t/a  ", "/a", false),
        .init("\(everyone)Disallow: /a # why", "/a", false), .init("\(everyone)Disallow: /a#b", "/a", false),
        .init("User-agent: *\r\nDisallow: /a\r\n", "/a", false), .init("User-agent: *\rDisallow: /a", "/a", false),
        .init("\u{FEFF}User-agent: *\nDisallow: /a", "/a", false),
        .init("\(everyone)Disalow: /a\nDisallow /b\nNonsense", "/a", true), .init("<html>404</html>", "/a", true),
        .init("\(everyone)Disallow: a", "/a", true),
    ]

    @Test("which rule counts", arguments: paths)
    func path(of item: Case) {
        let rules = RobotsRules(Array(item.text.utf8), agent: "rookery")
        #expect((rules.objection(to: item.path) == nil) == item.isAllowed)
    }

    @Test("the table holds more than 60 cases, about as many of either kind")
    func table() {
        #expect(RobotsRulesTests.paths.count >= 60)
        #expect(RobotsRulesTests.paths.count { $0.isAllowed } >= 25)
        #expect(RobotsRulesTests.paths.count { !$0.isAllowed } >= 25)
    }

    @Test("beside the paths, the matched group's lines are kept raw, with its delay and its signals")
    func group() {
        let rules = RobotsRules(
            Array(
                """
                User-agent: *
                Content-Signal: search=yes, ai-train=no
                Crawl-delay: 2.5
                Disallow: /none
                Sitemap: https://x.example/s.xml
                User-agent: other
                Crawl-delay: 9
                """.utf8), agent: "rookery")
        #expect(rules.group == "user-agent: *\ncontent-signal: search=yes, ai-train=no\ncrawl-delay: 2.5")
        #expect(rules.contentSignal == "search=yes, ai-train=no")
        #expect(rules.crawlDelay == 2.5)
        #expect(rules.sitemaps == ["https://x.example/s.xml"])
        #expect(rules.objection(to: "/none/x") == "Disallow: /none")
        #expect(RobotsRules(Array("User-agent: *\nCrawl-delay: soon".utf8), agent: "rookery").crawlDelay == nil)
    }

    @Test("a file of any size and any pattern costs bounded time")
    func hostile() {
        let pattern = "Disallow: /" + String(repeating: "*a", count: 900) + "b\n"
        let text = "User-agent: *\n" + String(repeating: pattern, count: 250)
        let rules = RobotsRules(Array(text.utf8), agent: "rookery")
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(rules.objection(to: "/" + String(repeating: "a", count: 8_000)) == nil)
        }
        #expect(time < .seconds(5))
        let long = RobotsRules([UInt8](repeating: 65, count: 2 << 20), agent: "rookery")
        #expect(long == RobotsRules([], agent: "rookery"))
    }
}
