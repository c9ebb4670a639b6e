import Model
import Wire

/// What was said about the last items of a stream, two bits each, so that what is asked again is answered as it was the
/// first time. Nobody who keeps to the credit asks again for anything older; that is looked up.
struct RecentVerdicts: Equatable {
    enum Word: UInt64 {
        case unknown
        case stored
        case duplicate
        case refused

        init(_ code: Proto.VerdictCode) {
            switch code {
            case .stored: self = .stored
            case .duplicate: self = .duplicate
            case .refused: self = .refused
            case .unchanged, .unknownDigest, .bookmark, .unspecified, .unrecognized: self = .unknown
            }
        }
    }

    static let items = UInt64(Limits.credit)
    private static let count = Int(items) / 32
    private static let allStored: UInt64 = 0x5555_5555_5555_5555

    /// A ring by sequence; what was never used says stored, which is what most of it will say.
    private var words: [UInt64]

    /// Of a stream that begins.
    init() { words = Array(repeating: RecentVerdicts.allStored, count: RecentVerdicts.count) }

    /// Of a stream whose past is not known.
    static var unknown: RecentVerdicts {
        var verdicts = RecentVerdicts()
        for place in verdicts.words.indices { verdicts.words[place] = 0 }
        return verdicts
    }

    mutating func note(_ code: Proto.VerdictCode, at sequence: UInt64) {
        let (place, shift) = RecentVerdicts.place(sequence)
        words[place] = words[place] & ~(3 << shift) | Word(code).rawValue << shift
    }

    /// For a sequence at or below the last applied one.
    func said(at sequence: UInt64, lastApplied: UInt64) -> Word {
        guard sequence <= lastApplied, lastApplied - sequence < RecentVerdicts.items else { return .unknown }
        let (place, shift) = RecentVerdicts.place(sequence)
        return Word(rawValue: words[place] >> shift & 3) ?? .unknown
    }

    private static func place(_ sequence: UInt64) -> (Int, UInt64) {
        (Int(sequence % items) / 32, sequence % 32 * 2)
    }

    // MARK: Stored

    private static let format: UInt8 = 1

    /// Only the words that do not say stored throughout, each after its place; none in a stream of new artifacts.
    var packed: [UInt8] {
        var bytes: [UInt8] = [RecentVerdicts.format]
        for (place, word) in words.enumerated() where word != RecentVerdicts.allStored {
            bytes.append(UInt8(place))
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// A row without them comes from an older version, or from a loss that was accepted.
    init(packed: [UInt8]) {
        guard packed.first == RecentVerdicts.format else {
            self = .unknown
            return
        }
        self.init()
        for start in stride(from: 1, to: packed.count - 8, by: 9) where Int(packed[start]) < words.count {
            words[Int(packed[start])] = packed[(start + 1)..<(start + 9)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
