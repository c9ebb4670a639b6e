import Model
import Synchronization
import Testing
import Wire

@testable import Transport

@Suite struct BufferTests {
    private func assemble(_ assembler: inout FrameAssembler, _ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        Array(bytes).withUnsafeBufferPointer { buffer in
            var rest = buffer
            while case .frame(let body, _) = assembler.next(from: &rest, limit: Limits.maxFrame) { frames.append(body) }
            #expect(rest.isEmpty)
        }
        return frames
    }

    @Test func `Frames cut at any two places are the same frames`() {
        let payloads = [[], [1], Array(0..<30), []] as [[UInt8]]
        let stream = payloads.flatMap { frame($0) }
        for first in 0...stream.count {
            for second in first...stream.count {
                var assembler = FrameAssembler()
                let frames =
                    assemble(&assembler, stream[..<first]) + assemble(&assembler, stream[first..<second])
                    + assemble(&assembler, stream[second...])
                #expect(frames == payloads)
                #expect(!assembler.isInsideFrame)
            }
        }
    }

    @Test func `A header alone claims no memory, and a body little more than has come`() {
        var assembler = FrameAssembler()
        #expect(assemble(&assembler, header(length: Limits.maxFrame)) == [])
        #expect(assembler.heldBytes <= 128 << 10)
        #expect(assembler.isInsideFrame)
        #expect(assemble(&assembler, [UInt8](repeating: 1, count: 1 << 20)) == [])
        #expect((1 << 20...5 << 20).contains(assembler.heldBytes))
        let rest = Limits.maxFrame - 1 - (1 << 20)
        #expect(assemble(&assembler, [UInt8](repeating: 1, count: rest)).map(\.count) == [Limits.maxFrame - 1])
        #expect(assembler.heldBytes == 0)
    }

    @Test func `What is invalid stays invalid`() {
        var assembler = FrameAssembler()
        for _ in 0..<2 {
            let step = header(length: 0).withUnsafeBufferPointer { buffer in
                var rest = buffer
                return assembler.next(from: &rest, limit: 100)
            }
            guard case .reject(.zeroLength) = step else {
                Issue.record("taken: \(step)")
                return
            }
        }
        #expect(!assembler.isInsideFrame)
    }

    /// Takes `room` bytes a call and tells what came.
    private func drain(_ outbox: inout Outbox, room: Int) -> [UInt8] {
        var taken: [UInt8] = []
        _ = outbox.drain { bytes in
            let count = min(bytes.count, room - taken.count)
            taken += bytes[..<count]
            return count
        }
        return taken
    }

    @Test func `Control passes bulk that waits, but not a frame that has begun`() {
        var outbox = Outbox()
        outbox.add([UInt8](repeating: 1, count: 40_000), .bulk)
        outbox.add([UInt8](repeating: 2, count: 40_000), .bulk)
        #expect(drain(&outbox, room: 10) == [UInt8](repeating: 1, count: 10))
        outbox.add([3, 3], .control)
        outbox.add([4], .control)
        #expect(outbox.count == 79_993)
        let rest = drain(&outbox, room: .max)
        #expect(rest.prefix(39_990).allSatisfy { $0 == 1 })
        #expect(Array(rest[39_990..<39_994]) == [3, 3, 4, 2])
        #expect(outbox.isEmpty)
    }

    @Test func `Whatever the room, everything leaves once and in order`() {
        for room in [1, 7, 1_000, 100_000] {
            var outbox = Outbox()
            var expected: [UInt8] = []
            var sent: [UInt8] = []
            for n in 0..<200 {
                let bytes = [UInt8](repeating: UInt8(n), count: n % 7 == 0 ? 20_000 / room.nonzeroBitCount / 10 : n)
                outbox.add(bytes, .bulk)
                expected += bytes
                if n % 3 == 0 { sent += drain(&outbox, room: room) }
            }
            while !outbox.isEmpty { sent += drain(&outbox, room: room) }
            #expect(sent == expected)
        }
    }

    @Test func `The largest holder is evicted, once, and its bytes count as gone`() {
        let evicted = Events()
        let held = HeldBytes(limit: 100)
        let accounts = (1...3 as ClosedRange<UInt64>).map { n in
            held.open(ConnectionID(n)) { evicted.note(n) }
        }
        held.set(accounts[0], to: 40)
        held.set(accounts[1], to: 60)
        #expect(evicted.all == [])
        held.set(accounts[2], to: 10)
        #expect(evicted.all == [2])
        #expect(held.value == 50)
        held.set(accounts[1], to: 90)
        #expect(held.value == 50)
        held.close(ConnectionID(2))
        held.close(ConnectionID(1))
        #expect(held.value == 10)
        held.set(accounts[2], to: 101)
        #expect(evicted.all == [2, 3])
        #expect(held.value == 0)
    }

    private final class Events: Sendable {
        private let numbers = Mutex<[UInt64]>([])
        func note(_ number: UInt64) { numbers.withLock { $0.append(number) } }
        var all: [UInt64] { numbers.withLock { $0 } }
    }
}
