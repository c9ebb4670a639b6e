import Model

/// Which items of a feed or an answer were collected before, in the bounded space of a bookmark: a hash each, the
/// newest; with the validators of the document they stood in. What is forgotten is collected once more, and found to
/// be a duplicate.
struct SeenItems: Equatable {
    private static let version: UInt8 = 3
    private static let mostBytes = 8 * Limits.kibibyte  // of hashes

    /// Under which the digest of an item that was collected is known.
    private(set) var mark: UInt64
    private(set) var validators: WebBookmark?
    private var hashes: Set<UInt64> = []
    private var order: [UInt64] = []

    init(mark: UInt64) { self.mark = mark }

    /// Nil for what this version did not write.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version), let mark = reader.number(),
            let etag = reader.string(), let modified = reader.string()
        else { return nil }
        self.mark = mark
        let web = WebBookmark(mark: mark, etag: etag, lastModified: modified)
        validators = web.hasValidators ? web : nil
        while let hash = reader.number() {
            hashes.insert(hash)
            order.append(hash)
        }
        guard reader.isAtEnd else { return nil }
    }

    func holds(_ hash: UInt64) -> Bool { hashes.contains(hash) }

    /// The bookmark after a document that had these items, in its order.
    func after(_ items: [UInt64], mark: UInt64, validators: WebBookmark?) -> SeenItems {
        var next = SeenItems(mark: mark)
        next.validators = validators
        // What the document still shows comes first; what it shows no more may come back.
        for hash in items + order where next.order.count < Self.mostBytes / 8 {
            if next.hashes.insert(hash).inserted { next.order.append(hash) }
        }
        return next
    }

    var bytes: [UInt8] {
        var writer = BookmarkWriter(version: Self.version)
        writer.number(mark)
        writer.string(validators?.etag ?? "")
        writer.string(validators?.lastModified ?? "")
        order.forEach { writer.number($0) }
        return writer.bytes
    }

    /// FNV-1a over the texts, each ended by a byte that is in none.
    static func hash(_ texts: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
        }
        return hash
    }
}
