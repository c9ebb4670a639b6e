/// Every page of every host. What a page is for the collectors stands beside it.
enum SiteCatalogue {
    static let hosts = [
        "alpha.localhost", "beta.localhost", "news.localhost", "data.localhost", "weather.localhost",
        "markets.localhost",
    ]

    static let pages: [SitePage] = {
        let content = blog + magazine + newsroom + library + stations + exchange
        return content + hosts.flatMap { front(of: $0, content) }
    }()

    /// alpha: security articles that never change, and the odd paths of any real site.
    private static let blog =
        (1...14).map { number in
            SitePage("alpha.localhost", "/articles/\(number)", "text/html; charset=utf-8") { _ in
                SiteBodies.article(.security, number)
            }
        } + [
            SitePage("alpha.localhost", "/gone", .missing),
            SitePage("alpha.localhost", "/busy", .busy(retryAfter: 2)),
            SitePage("alpha.localhost", "/old", .moved(to: "/articles/1")),
        ]

    /// beta: performance articles, one in three with updates, and copies of some of alpha's, byte for byte.
    private static let magazine =
        (1...12).map { number in
            SitePage(
                "beta.localhost", "/articles/\(number)", "text/html; charset=utf-8",
                number % 3 == 0 ? .everyRequests(2) : .never
            ) { SiteBodies.article(.performance, number, revision: $0) }
        }
        + (1...6).map { number in
            SitePage("beta.localhost", "/mirror/\(number)", "text/html; charset=utf-8") { _ in
                SiteBodies.article(.security, number)
            }
        }

    /// news: a feed that moves on, and stories that are updated.
    private static let newsroom =
        [
            SitePage("news.localhost", "/feed.xml", collector: "feed", "application/rss+xml", .everySeconds(20)) {
                SiteBodies.feed("news.localhost", .harbour, entries: 10, revision: $0)
            }
        ]
        + (1...10).map { number in
            SitePage(
                "news.localhost", "/articles/\(number)", "text/html; charset=utf-8",
                number % 2 == 0 ? .everySeconds(30) : .never
            ) { SiteBodies.article(.harbour, number, revision: $0, paragraphs: 3) }
        }

    /// data: notes that are the same text in other letters, a large page, and bytes.
    private static let library =
        (1...6).flatMap(notes)
        + [
            SitePage("data.localhost", "/handbook", "text/html; charset=utf-8") { _ in
                SiteBodies.article(.data, 1_000, paragraphs: 900)
            }
        ]
        + (1...3).map { number in
            SitePage("data.localhost", "/pictures/\(number).png", "image/png") { _ in SiteBodies.picture(number) }
        }

    private static func notes(_ number: UInt64) -> [SitePage] {
        let note = SiteBodies.note(.data, number)
        return [
            SitePage("data.localhost", "/notes/\(number).txt", "text/plain; charset=utf-8") { _ in Array(note.utf8) },
            SitePage("data.localhost", "/loud/\(number).txt", "text/plain; charset=utf-8") { _ in
                Array(SiteBodies.shouted(note).utf8)
            },
        ]
    }

    /// weather: readings as JSON, new ones every quarter of a minute.
    private static let stations = (1...8).map { number in
        SitePage(
            "weather.localhost", "/stations/\(number).json", collector: "api", "application/json", .everySeconds(15)
        ) { SiteBodies.readings(.weather, station: number, revision: $0) }
    }

    /// markets: price sheets as CSV, a new one every third time somebody asks.
    private static let exchange = (1...6).map { number in
        SitePage("markets.localhost", "/sheets/\(number).csv", collector: "dataset", "text/csv", .everyRequests(3)) {
            SiteBodies.prices(.markets, sheet: number, revision: $0)
        }
    }

    /// What every host has: a front page, robots.txt and a sitemap.
    private static func front(of host: String, _ content: [SitePage]) -> [SitePage] {
        let paths = content.filter { $0.host == host && $0.isContent }.map(\.path)
        return [
            SitePage(host, "/", "text/html; charset=utf-8") { _ in SiteBodies.index(host, links: paths) },
            SitePage(host, "/robots.txt", "text/plain") { _ in
                Array("User-agent: *\nDisallow: /private/\nCrawl-delay: 0\nSitemap: http://\(host)/sitemap.xml\n".utf8)
            },
            SitePage(host, "/sitemap.xml", "application/xml") { _ in
                let urls = paths.map { "<url><loc>http://\(host)\($0)</loc></url>" }.joined(separator: "\n")
                return Array(
                    """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
                    \(urls)
                    </urlset>

                    """.utf8)
            },
        ]
    }
}

extension SitePage {
    var isContent: Bool {
        if case .content = answer { true } else { false }
    }
}
