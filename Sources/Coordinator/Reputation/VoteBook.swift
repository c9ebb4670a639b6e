import Model
import Storage

/// What one judge said about one subject in the last hour, by epoch.
struct Votes: Equatable {
    private struct Minute: Equatable {
        var epoch: Int64
        var counted: Int
        var cast: Int
    }

    private var minutes: [Minute] = []

    static let hour: Int64 = 60  // epochs

    var last: Int64 { minutes.last?.epoch ?? .min }
    func counted(_ epoch: Int64) -> Int { recent(epoch).reduce(0) { $0 + $1.counted } }
    func cast(_ epoch: Int64) -> Int { recent(epoch).reduce(0) { $0 + $1.cast } }

    private func recent(_ epoch: Int64) -> ArraySlice<Minute> { minutes.drop { $0.epoch <= epoch - Votes.hour } }

    mutating func cast(in epoch: Int64) {
        if minutes.last?.epoch == epoch {
            minutes[minutes.count - 1].cast += 1
        } else {
            minutes = Array(recent(epoch)) + [Minute(epoch: epoch, counted: 0, cast: 1)]
        }
    }

    /// The vote that was cast last counts.
    mutating func count() { minutes[minutes.count - 1].counted += 1 }

    func write(to state: inout StateWriter) {
        state.put(each: minutes) { state, minute in
            state.put(minute.epoch)
            state.put(minute.counted)
            state.put(minute.cast)
        }
    }

    init() {}

    init(from state: inout StateReader) throws(StorageError) {
        minutes = try state.array { state throws(StorageError) in
            Minute(epoch: try state.signed(), counted: try state.int(), cast: try state.int())
        }
    }
}

/// What was said about one subject, by judge.
struct VoteBook: Equatable {
    private(set) var judges: [Int64: Votes] = [:]

    func hasRoom(for judge: Int64) -> Bool { judges[judge] != nil || judges.count < Limits.judgesPerSubject }

    /// Forgets one judge that was silent for an hour, or else the one of `newcomers` that was silent longest, so that
    /// crowds of them keep nobody out. False when there is neither.
    mutating func makeRoom(at epoch: Int64, newcomers: Set<Int64>) -> Bool {
        let oldest = judges.min { ($0.value.last, $0.key) < ($1.value.last, $1.key) }
        if let oldest, oldest.value.last <= epoch - Votes.hour {
            judges[oldest.key] = nil
            return true
        }
        let given = judges.filter { newcomers.contains($0.key) }
            .min { ($0.value.last, $0.key) < ($1.value.last, $1.key) }
        guard let given else { return false }
        judges[given.key] = nil
        return true
    }

    /// Returns how often this judge has spoken about the subject in the last hour, this time included.
    mutating func cast(by judge: Int64, in epoch: Int64) -> Int {
        judges[judge, default: Votes()].cast(in: epoch)
        return judges[judge]?.cast(epoch) ?? 0
    }

    func counted(of judge: Int64, in epoch: Int64) -> Int { judges[judge]?.counted(epoch) ?? 0 }

    mutating func count(_ judge: Int64) { judges[judge]?.count() }

    func write(to state: inout StateWriter) {
        state.put(each: judges.sorted { $0.key < $1.key }) { state, entry in
            state.put(entry.key)
            entry.value.write(to: &state)
        }
    }

    init() {}

    init(from state: inout StateReader) throws(StorageError) {
        for _ in 0..<(try state.int()) { judges[try state.signed()] = try Votes(from: &state) }
    }
}

/// How much one judge said about anyone in the last day, and until when it is not listened to.
struct JudgeRecord: Equatable {
    private struct Hour: Equatable {
        var hour: Int64
        var cast: Int
    }

    private var hours: [Hour] = []
    private(set) var ignoredUntil: Int64 = .min  // epoch

    func isIgnored(_ epoch: Int64) -> Bool { epoch < ignoredUntil }

    /// Counts one vote. True when the judge said too much just now: it is ignored until it was quiet for an hour.
    mutating func cast(in epoch: Int64, aboutSubject: Int) -> Bool {
        let hour = epoch / Votes.hour
        if hours.last?.hour == hour {
            hours[hours.count - 1].cast += 1
        } else {
            hours = hours.filter { $0.hour > hour - 24 } + [Hour(hour: hour, cast: 1)]
        }
        let day = hours.reduce(0) { $0 + $1.cast }
        guard aboutSubject > Limits.votesSuspicious || day > Limits.votesSuspiciousDay else { return false }
        ignoredUntil = epoch + Votes.hour
        return true
    }

    func write(to state: inout StateWriter) {
        state.put(ignoredUntil)
        state.put(each: hours) { state, hour in
            state.put(hour.hour)
            state.put(hour.cast)
        }
    }

    init() {}

    init(from state: inout StateReader) throws(StorageError) {
        ignoredUntil = try state.signed()
        hours = try state.array { state throws(StorageError) in
            Hour(hour: try state.signed(), cast: try state.int())
        }
    }
}
