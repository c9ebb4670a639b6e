import Glibc
import Lifecycle
import Model
import Synchronization
import Testing
import Transport

@Suite struct EventLoopTests {
    private actor Pinned {
        nonisolated let loop: EventLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
        init(_ loop: EventLoop) { self.loop = loop }
        func runsOnLoop() -> Bool { loop.isCurrent }
    }

    private func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop(name: "test")
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(loop))
        } catch {
            result = .failure(error)
        }
        loop.stop()
        try result.get()
    }

    @Test func `Jobs run in order, and all of them before stop returns`() async throws {
        let seen = Mutex<[Int]>([])
        let loop = try EventLoop(name: "order")
        for n in 0..<10_000 { loop.execute { seen.withLock { $0.append(n) } } }
        loop.stop()
        #expect(seen.withLock { $0 } == Array(0..<10_000))
        #expect(!loop.execute {})
    }

    @Test func `A job given by a job runs though the loop would wait`() async throws {
        try await withLoop { loop in
            let nested = await withCheckedContinuation { continuation in
                loop.execute { loop.execute { continuation.resume(returning: loop.isCurrent) } }
            }
            #expect(nested)
        }
    }

    @Test func `Actors pinned to a loop run on its thread`() async throws {
        try await withLoop { loop in
            let pinned = Pinned(loop)
            for _ in 0..<100 { #expect(await pinned.runsOnLoop()) }
            #expect(!loop.isCurrent)
        }
    }

    @Test func `Timers fire in the order of their moments, not before them`() async throws {
        try await withLoop { loop in
            let (fired, sink) = AsyncStream.makeStream(of: String.self)
            let begun = SystemTime().now()
            loop.execute {
                var timers: [LoopTimer] = []
                timers.append(loop.schedule(after: .milliseconds(8)) { sink.yield("second") })
                timers.append(loop.schedule(after: .milliseconds(4)) { sink.yield("first") })
                let dropped = loop.schedule(after: .milliseconds(2)) { sink.yield("dropped") }
                let cancelled = loop.schedule(after: .milliseconds(2)) { sink.yield("cancelled") }
                cancelled.cancel()
                _ = consume dropped
                timers.append(
                    loop.schedule(after: .milliseconds(12)) {
                        timers = []
                        sink.finish()
                    })
                timers.append(cancelled)
            }
            var order: [String] = []
            for await name in fired { order.append(name) }
            #expect(order == ["first", "second"])
            #expect(SystemTime().now().since(begun) >= .milliseconds(12))
        }
    }

    @Test func `A watch tells what a descriptor is ready for until it is dropped`() async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        try await withLoop { loop in
            let (ready, sink) = AsyncStream.makeStream(of: (Interest, UInt8).self)
            loop.execute {
                var reading: FileWatch?
                reading = loop.watch(readEnd, .read) { interest in
                    var byte: UInt8 = 0
                    read(readEnd, &byte, 1)
                    sink.yield((interest, byte))
                    if byte == 2 {
                        reading?.cancel()
                        reading = nil
                        sink.finish()
                    }
                }
                var writing: FileWatch?
                writing = loop.watch(writeEnd, []) { interest in
                    writing?.cancel()
                    writing = nil
                    sink.yield((interest, 0))
                    write(writeEnd, [UInt8(1), 2], 2)
                }
                writing?.update(.write)
            }
            var seen: [(Interest, UInt8)] = []
            for await event in ready { seen.append(event) }
            #expect(seen.map(\.0) == [.write, .read, .read])
            #expect(seen.map(\.1) == [0, 1, 2])
        }
        ends.forEach { close($0) }
    }

    @Test func `A group deals its loops out in turn`() throws {
        let group = try EventLoopGroup(count: 3)
        let dealt = (0..<6).map { _ in group.next().name }
        #expect(dealt == ["loop-0", "loop-1", "loop-2", "loop-0", "loop-1", "loop-2"])
        group.stop()
    }

    @Test func `A loop's own calls trap elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            _ = try EventLoop(name: "confined").timer {}
        }
    }
}
