import Glibc
package import Lifecycle
import Synchronization

/// The loops of a process: one for each core unless told otherwise.
package final class EventLoopGroup: Sendable {
    package let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    package init(count: Int = EventLoopGroup.cores, name: String = "loop") throws(ThreadError) {
        precondition(count > 0, "a loop group needs a loop")
        var loops: [EventLoop] = []
        do throws(ThreadError) {
            for index in 0..<count { loops.append(try EventLoop(name: "\(name)-\(index)")) }
        } catch {
            loops.forEach { $0.stop() }
            throw error
        }
        self.loops = loops
    }

    package static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Round robin.
    package func next() -> EventLoop {
        loops[Int(UInt(bitPattern: turn.wrappingAdd(1, ordering: .relaxed).oldValue) % UInt(loops.count))]
    }

    /// Stops every loop and returns when their threads have ended.
    package func stop() { loops.forEach { $0.stop() } }
}
