import Model
import Synchronization

/// State versions that are being asked for. History that they need is not compacted, for a while: ten minutes from the
/// first time, and asking again does not make it longer.
final class SnapshotPins: Sendable {
    private let time: any TimeSource
    private let since = Mutex<[UInt64: Instant]>([:])

    init(time: any TimeSource) { self.time = time }

    func hold(_ version: UInt64) {
        let now = time.now()
        since.withLock { since in
            if since[version] != nil { return }
            if since.count >= Limits.snapshotPins {
                since = since.filter { now.since($0.value) < Limits.snapshotHold }
                guard since.count < Limits.snapshotPins else { return }
            }
            since[version] = now
        }
    }

    /// The oldest one that still counts. Those that are compacted need no place any more.
    func oldest(above floor: UInt64) -> UInt64? {
        let now = time.now()
        return since.withLock { since in
            since = since.filter { $0.key >= floor }
            return since.lazy.filter { now.since($0.value) < Limits.snapshotHold }.map(\.key).min()
        }
    }
}
