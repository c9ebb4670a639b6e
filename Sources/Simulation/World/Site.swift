import Model
import Node
import Wire

/// One version of one page as it is fetched from one address: what it says is worked out from these numbers, so that
/// whatever is stored can be told apart and checked byte by byte.
struct PageKey: Hashable, Comparable {
    /// The address it was fetched from.
    var address: Int
    /// The page shown there; mirrors show another's.
    var page: Int
    var version: UInt64

    static func < (a: PageKey, b: PageKey) -> Bool {
        (a.address, a.page, a.version) < (b.address, b.page, b.version)
    }
}

/// What there is to collect: pages that change as time passes, some of them shared by several targets, some mirrors of
/// others.
struct Site {
    let pages: Int
    private let seed: UInt64
    private let large: Bool
    /// How long each page stays the same.
    private let periods: [UInt64]
    private let origins: [Int]
    private let pagesOfTarget: [[Int]]
    private let brokenTargets: Set<Int>

    init(_ plan: Plan, seed: UInt64) {
        pages = plan.pages
        self.seed = seed
        large = plan.largeItems
        var random = SeededRandom(seed: seed)
        periods = (0..<plan.pages).map { _ in 5 + random.below(60) }
        origins = (0..<plan.pages).map { $0 > 0 && random.oneIn(5) ? Int(random.below(UInt64($0))) : $0 }
        pagesOfTarget = (0..<plan.targets).map { target in
            let own = [target % plan.pages]
            return own + (0..<random.below(4)).map { _ in Int(random.below(UInt64(plan.pages))) }
        }
        brokenTargets = Set((0..<plan.targets).filter { _ in random.oneIn(12) })
    }

    func pages(of target: Int) -> [Int] { pagesOfTarget[target] }

    /// Nothing is to be had there, ever.
    func isBroken(_ target: Int) -> Bool { target > 0 && brokenTargets.contains(target) }

    func key(address: Int, at now: Instant) -> PageKey {
        var page = address
        while origins[page] != page { page = origins[page] }
        return PageKey(
            address: address, page: page, version: now.nanoseconds / 1_000_000_000 / periods[page])
    }

    // MARK: What a fetch gives

    static let variants: UInt64 = 3

    /// Texts come in spellings that are the same when normalised.
    func content(_ key: PageKey, variant: UInt64) -> [UInt8] {
        var text = "page \(key.page) version \(key.version) "
        var random = SeededRandom(seed: seed ^ UInt64(key.page) << 32 ^ key.version &* 0x9E37_79B9)
        let size = large && random.oneIn(8) ? 20_000 + random.below(60_000) : 20 + random.below(600)
        while text.utf8.count < size { text += String(random.next(), radix: 36) + " " }
        text += "end"
        guard type(key) == "text" else { return Array(text.utf8) }
        switch variant {
        case 0: return Array(text.utf8)
        case 1: return text.utf8.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }
        default: return text.utf8.flatMap { $0 == 32 ? [32, 32] : [$0] }
        }
    }

    func type(_ key: PageKey) -> String { key.page % 3 == 0 ? "html" : "text" }

    func source(_ address: Int) -> String { "http://site.example/page/\(address)" }

    func artifact(_ key: PageKey, variant: UInt64, at wall: WallTime) -> Proto.Artifact {
        Proto.Artifact(
            contentType: type(key), content: content(key, variant: variant)[...], rawSource: source(key.address),
            metadata: ["domain": "site.example"], collectedAtMs: wall.milliseconds)
    }

    // MARK: Recognising

    /// The key that a stored artifact must have come from; nil when no page ever said so.
    func recognise(source: String, content: ArraySlice<UInt8>) -> PageKey? {
        guard let key = claim(source: source, content: content) else { return nil }
        return (0..<Site.variants).contains { self.content(key, variant: $0)[...] == content } ? key : nil
    }

    /// The key that the first words speak of.
    func claim(source: String, content: ArraySlice<UInt8>) -> PageKey? {
        guard let address = source.split(separator: "/").last.flatMap({ Int($0) }), address < pages else { return nil }
        let words = content.prefix(60).split(separator: 32, maxSplits: 4)
        guard words.count >= 4, let page = Int(String(decoding: words[1], as: UTF8.self)),
            let version = UInt64(String(decoding: words[3], as: UTF8.self))
        else { return nil }
        return PageKey(address: address, page: page, version: version)
    }

    // MARK: Targets

    static func location(of target: Int) -> String { "http://host\(target % 4).example/target/\(target)" }

    static func target(of location: String) -> Int? { location.split(separator: "/").last.flatMap { Int($0) } }
}
