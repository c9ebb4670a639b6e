import Glibc

/// A path below a root whose every part may have wildcards: `*`, `?`, `[…]`, and `**` for any number of directories.
/// It is matched one name at a time: a set of places says which parts the next name may be. Pure.
struct PathPattern: Equatable {
    private enum Part: Equatable {
        case name(String)
        case wildcard(String)
        case anyDepth
    }

    static let mostParts = 60  // a place each in a word of 64 bits, with the one that a last `**` gains

    private var parts: [Part] = []

    /// Nil when it has too many parts, or none.
    init?(_ words: some Sequence<String>) {
        for word in words {
            if word == "**" {
                if parts.last != .anyDepth { parts.append(.anyDepth) }
            } else {
                parts.append(PathPattern.isPlain(word) ? .name(word) : .wildcard(word))
            }
        }
        if parts.last == .anyDepth { parts.append(.wildcard("*")) }
        guard (1...PathPattern.mostParts).contains(parts.count) else { return nil }
    }

    static func isPlain(_ word: String) -> Bool { !word.contains { "*?[".contains($0) } }

    /// Bit for bit the parts that a name may be.
    struct Places: Equatable {
        fileprivate var bits: UInt64

        var isEmpty: Bool { bits == 0 }
    }

    var start: Places { reachable(1) }

    /// `**` may also stand for no directory at all.
    private func reachable(_ bits: UInt64) -> Places {
        var bits = bits
        for place in parts.indices where bits & 1 << UInt64(place) != 0 && parts[place] == .anyDepth {
            bits |= 1 << UInt64(place + 1)
        }
        return Places(bits: bits)
    }

    /// The one name that can match here; nil when all have to be looked at.
    func onlyName(at places: Places) -> String? {
        guard places.bits.nonzeroBitCount == 1, case .name(let name) = parts[places.bits.trailingZeroBitCount] else {
            return nil
        }
        return name
    }

    /// What a name is: a match of the whole, and where what is in a directory of this name would be.
    func step(_ name: String, at places: Places) -> (isMatch: Bool, within: Places) {
        var (isMatch, bits) = (false, UInt64(0))
        for place in parts.indices where places.bits & 1 << UInt64(place) != 0 {
            switch parts[place] {
            case .anyDepth: if !name.hasPrefix(".") { bits |= 1 << UInt64(place) }
            case .name(name): take(place)
            case .wildcard(let pattern): if fnmatch(pattern, name, FNM_PERIOD) == 0 { take(place) }
            case .name: break
            }
        }
        func take(_ place: Int) {
            if place == parts.count - 1 { isMatch = true } else { bits |= 1 << UInt64(place + 1) }
        }
        return (isMatch, reachable(bits))
    }
}
