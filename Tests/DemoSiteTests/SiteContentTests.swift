import Model
import Testing

@testable import DemoSite

@Suite("Site content")
struct SiteContentTests {
    private let site = SiteContent()

    private func get(
        _ host: String, _ path: String, _ headers: [String: String] = [:], number: UInt64 = 1, after: Span = .zero
    ) -> SiteResponse {
        site.response(to: SiteRequest(host, path, headers: headers, number: number, elapsed: after))
    }

    private func text(_ response: SiteResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `The same request has the same answer on every machine`() {
        let first = get("alpha.localhost", "/articles/1")
        #expect(first == SiteContent().response(to: SiteRequest("ALPHA.localhost:8080", "/articles/1?a=b")))
        #expect(first.headers["ETag"] == "\"d3862f52c1ef21d9\"")
        #expect(first.headers["Last-Modified"] == "Wed, 01 Jan 2025 00:00:00 GMT")
    }

    @Test func `Every target answers with what its collector takes`() {
        let targets = SiteContent.targets(port: 80, collectors: ["web", "feed", "api", "dataset"])
        #expect(targets.count == 82)
        #expect(Set(targets.map(\.type)) == ["web", "feed", "api", "dataset"])
        #expect(Set(targets.map(\.location)).count == targets.count)
        let types = ["feed": "application/rss+xml", "api": "application/json", "dataset": "text/csv"]
        for page in SiteCatalogue.pages where page.collector != "web" {
            #expect(get(page.host, page.path).headers["Content-Type"] == types[page.collector])
        }
    }

    @Test func `A page whose collector is not there is given to web`() {
        #expect(Set(SiteContent.targets(port: 80).map(\.type)) == ["web"])
        let locations = SiteContent.targets(port: 7500).map(\.location)
        #expect(locations.contains("http://news.localhost:7500/feed.xml"))
    }

    @Test func `Pages differ, except copies`() {
        let bodies = SiteCatalogue.pages.filter { $0.isContent && $0.host != "beta.localhost" }
            .map { get($0.host, $0.path).body }
        #expect(Set(bodies).count == bodies.count)
        for number in 1...6 {
            let copy = get("beta.localhost", "/mirror/\(number)")
            #expect(copy.body == get("alpha.localhost", "/articles/\(number)").body)
        }
    }

    @Test func `A loud note is its quiet one in other letters`() {
        let quiet = text(get("data.localhost", "/notes/2.txt"))
        let loud = text(get("data.localhost", "/loud/2.txt"))
        #expect(quiet != loud)
        #expect(
            quiet.lowercased().split(whereSeparator: \.isWhitespace)
                == loud.lowercased().split(whereSeparator: \.isWhitespace))
    }

    @Test func `A validator that still holds is answered 304, without a body`() {
        let page = get("alpha.localhost", "/articles/2")
        let tag = page.headers["ETag"] ?? ""
        let date = page.headers["Last-Modified"] ?? ""
        for headers in [
            ["if-none-match": tag], ["if-none-match": "\"x\", W/\(tag)"], ["if-none-match": "*"],
            ["if-modified-since": date],
        ] {
            let again = get("alpha.localhost", "/articles/2", headers)
            #expect(again == SiteResponse(status: 304, headers: ["ETag": tag, "Last-Modified": date], body: []))
        }
        let stale = ["if-none-match": "\"x\"", "if-modified-since": date]
        #expect(get("alpha.localhost", "/articles/2", stale) == page)
    }

    @Test func `A page that changes with time has a new version and new validators`() {
        let first = get("weather.localhost", "/stations/1.json", after: .seconds(14))
        let second = get("weather.localhost", "/stations/1.json", after: .seconds(15))
        #expect(first == get("weather.localhost", "/stations/1.json", number: 99))
        #expect(first.body != second.body)
        #expect(first.headers["ETag"] != second.headers["ETag"])
        #expect(second.headers["Last-Modified"] == "Wed, 01 Jan 2025 00:00:15 GMT")
        let known = ["if-none-match": first.headers["ETag"] ?? ""]
        #expect(get("weather.localhost", "/stations/1.json", known, after: .seconds(15)).status == 200)
    }

    @Test func `A page that changes with requests changes with every third`() {
        let versions = (1...7).map { get("markets.localhost", "/sheets/1.csv", number: $0).body }
        #expect(versions[0] == versions[2] && versions[3] == versions[5])
        #expect(Set(versions).count == 3)
    }

    @Test func `The feed moves on by one entry`() {
        let before = text(get("news.localhost", "/feed.xml"))
        let after = text(get("news.localhost", "/feed.xml", after: .seconds(20)))
        #expect(before.contains("harbour-1<") && before.contains("harbour-10<") && !before.contains("harbour-11<"))
        #expect(!after.contains("harbour-1<") && after.contains("harbour-11<"))
    }

    @Test func `Trouble is worded`() {
        #expect(text(get("alpha.localhost", "/nowhere")) == "there is no page /nowhere\n")
        #expect(get("alpha.localhost", "/gone").status == 404)
        #expect(get("gamma.localhost", "/").status == 404)
        #expect(text(get("gamma.localhost", "/")).hasPrefix("no site is called gamma.localhost; there are: alpha."))
        #expect(get("alpha.localhost", "/old").headers["Location"] == "/articles/1")
        var request = SiteRequest("alpha.localhost", "/")
        request.method = "PUT"
        #expect(site.response(to: request).headers["Allow"] == "GET, HEAD")
        #expect(site.response(to: request).status == 405)
    }

    @Test func `The busy page asks for patience twice, then answers`() {
        let answers = (1...4).map { get("alpha.localhost", "/busy", number: $0) }
        #expect(answers.map(\.status) == [503, 503, 200, 503])
        #expect(answers[0].headers["Retry-After"] == "2")
    }

    @Test func `HEAD tells the length and sends no body`() {
        var request = SiteRequest("data.localhost", "/handbook")
        let length = site.response(to: request).body.count
        #expect((100_000..<1_000_000).contains(length))
        request.method = "HEAD"
        #expect(site.response(to: request).headers["Content-Length"] == String(length))
        #expect(site.response(to: request).body == [])
    }

    @Test func `Every host has robots and a sitemap of its pages`() {
        for host in SiteCatalogue.hosts {
            #expect(text(get(host, "/robots.txt")).contains("Sitemap: http://\(host)/sitemap.xml"))
            #expect(text(get(host, "/sitemap.xml")).contains("<url><loc>http://\(host)/"))
            #expect(text(get(host, "/")).contains("<a href=\"/"))
        }
    }

    @Test func `A name that is no page is not remembered`() {
        #expect(site.page(of: SiteRequest("Alpha.localhost:1", "/busy?x")) == "alpha.localhost/busy")
        #expect(site.page(of: SiteRequest("alpha.localhost", "/nowhere")) == nil)
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(UInt64, String)])
    func `Dates are Gregorian, leap years included`(seconds: UInt64, date: String) {
        #expect(HTTPDate.text(seconds) == date)
    }

    @Test func `Words are written once in a list`() {
        for topic in Topic.all {
            for words in [topic.nouns, topic.verbs, topic.adjectives] {
                #expect(Set(words).count == words.count, "\(topic.name)")
                #expect(words.count >= 24, "\(topic.name)")
            }
        }
    }
}
