import Lifecycle
import Model
import Storage
import Synchronization

/// Reads stored identities shortly before the scan of a start gets to them. They lie between the segments, a page each,
/// so a scan by itself waits for the disk page after page; several threads have it fetch several at a time.
///
/// What they read is thrown away: the scan finds it in the system's memory. What they cannot read it says itself.
final class ReadAhead {
    private final class State: Sendable {
        let next = Atomic<UInt64>(0)
        let isEnded = Atomic(false)
        let rows = Atomic<Int>(0)
    }

    private let state = State()
    private var threads: [NativeThread] = []

    private static let width = 6
    private static let block: UInt64 = 16_384  // artifacts

    /// Nil where it would not be worth it.
    init?(_ place: LedgerPlace, artifacts: UInt64, atLeast: UInt64 = Limits.readAheadArtifacts) {
        guard artifacts >= atLeast else { return nil }
        var options = place.options
        options.cacheBytes = 256 * Int64(Limits.kibibyte)
        for _ in 0..<ReadAhead.width {
            let thread = try? NativeThread(name: "read-ahead") { [state, path = place.path, options] in
                ReadAhead.run(state, path, options, artifacts)
            }
            if let thread { threads.append(thread) }
        }
    }

    /// Segments read so far.
    var rows: Int { state.rows.load(ordering: .relaxed) }

    /// Returns when nothing is open any more; with `wait` all is read first.
    func end(wait: Bool = false) {
        if !wait { state.isEnded.store(true, ordering: .relaxed) }
        threads.forEach { $0.join() }
        threads = []
    }

    private static func run(_ state: State, _ path: String, _ options: DatabaseOptions, _ artifacts: UInt64) {
        guard let database = try? Database.open(path: path, access: .reader, options: options) else { return }
        defer { database.close() }
        while !state.isEnded.load(ordering: .relaxed) {
            let first = state.next.wrappingAdd(block, ordering: .relaxed).oldValue
            guard first <= artifacts else { return }
            // The length stands in the page that is wanted.
            let rows = try? database.first(
                "SELECT count(length(packed)) FROM identity WHERE first > ? AND first <= ?", .int(first),
                .int(first + block)
            ) { Int($0.int(0)) }
            guard let rows else { return }
            state.rows.wrappingAdd(rows, ordering: .relaxed)
        }
    }
}
