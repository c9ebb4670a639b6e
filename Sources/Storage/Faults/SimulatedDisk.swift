import CSQLite
import Glibc
import Model
import Synchronization

/// A disk in memory whose power can be cut: what was not synced is then lost, kept, or torn, as its seed says.
///
/// Open databases on it with `DatabaseOptions(vfs: disk.name)`. A disk, its connections and its clock belong to one
/// thread; a process can have many. SQLite's own random numbers are the process's: see `seedRandomness`.
package final class SimulatedDisk {
    package let name: String
    package let faults = FaultInjector()
    /// What SQLite is told the time is; sleeping moves it.
    package var milliseconds: Int64 = 1_700_000_000_000
    var random: SeededRandom
    var files: [String: SimulatedFile] = [:]
    /// Deleted without a directory sync: a crash can bring these back.
    var ghosts: [String: SimulatedFile] = [:]
    var locks: [String: SimulatedLocks] = [:]
    var sharedMemory: [String: SimulatedSharedMemory] = [:]
    /// Handles of an earlier generation belong to a machine that lost its power.
    private(set) var generation = 0
    private var changesUntilCut = Int.max
    private var handles = 0
    private let vfs: UnsafeMutablePointer<sqlite3_vfs>
    let methods: UnsafeMutablePointer<sqlite3_io_methods>

    private static let made = Atomic<Int>(0)

    package init(seed: UInt64) {
        _ = Database.prepareLibrary
        sqlite3_initialize()
        name = "simulated-\(SimulatedDisk.made.add(1, ordering: .relaxed).newValue)"
        random = SeededRandom(seed: seed)
        methods = .allocate(capacity: 1)
        methods.initialize(to: SimulatedHandle.methods)
        vfs = .allocate(capacity: 1)
        vfs.initialize(to: SimulatedDisk.functions)
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_vfs_register(vfs, 0)
    }

    deinit {
        sqlite3_vfs_unregister(vfs)
        free(UnsafeMutableRawPointer(mutating: vfs.pointee.zName))
        vfs.deallocate()
        methods.deallocate()
    }

    /// Lets a process that simulates on one thread alone repeat SQLite's random numbers; 0 ends it.
    package static func seedRandomness(_ seed: Int32) { _ = rookery_sqlite3_seed_randomness(seed) }

    /// Cuts the power at the nth write, sync, truncate or delete from now: it and all after it fail without effect.
    package func cutPower(atChange nth: Int) { changesUntilCut = nth }

    package var isPowered: Bool { changesUntilCut > 0 }

    /// The machine starts again after a power cut. Open connections are of no more use; close them.
    package func crash() {
        generation += 1
        changesUntilCut = .max
        for (path, ghost) in ghosts where files[path] == nil && random.oneIn(2) { files[path] = ghost }
        ghosts = [:]
        // A dictionary's order differs from run to run; a seed's must not.
        for path in files.keys.sorted() { files[path] = files[path]?.afterCrash(&random) }
        locks = [:]
        sharedMemory = [:]
    }

    /// Another disk that holds what this one might after a power cut now.
    package func image(seed: UInt64) -> SimulatedDisk {
        let image = SimulatedDisk(seed: seed)
        image.files = files
        image.ghosts = ghosts
        image.milliseconds = milliseconds
        image.crash()
        return image
    }

    package var paths: [String] { files.keys.sorted() }

    package func content(of path: String) -> [UInt8]? { files[path]?.current }

    // MARK: For handles

    func newHandle() -> Int {
        handles += 1
        return handles
    }

    /// False once the power is cut.
    func change() -> Bool {
        if changesUntilCut == .max { return true }
        if changesUntilCut > 0 { changesUntilCut -= 1 }
        return changesUntilCut > 0
    }

    func delete(_ path: String, durably: Bool) {
        guard let file = files.removeValue(forKey: path) else { return }
        ghosts[path] = file
        if durably { syncDirectory() }
    }

    /// Files made and deleted until now stay so.
    func syncDirectory() {
        ghosts = [:]
        for path in files.keys { files[path]?.keepEntry() }
    }
}
