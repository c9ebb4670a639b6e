/// What a frame may pass on its way out: control frames (heartbeats, credit, errors) go before bulk that still waits.
/// Within each kind the order is kept.
package enum SendPriority: Sendable {
    case control, bulk
}

/// Frames that wait for the socket, gathered so that many small ones go out in one write.
struct Outbox {
    /// Frames up to this size are gathered by copying; larger ones are written from where they lie.
    private static let copyLimit = 16 << 10
    /// A gathered chunk grows to this size: enough to fill a socket buffer, little enough for control to pass soon.
    private static let chunkSize = 64 << 10

    private var current: [UInt8] = []
    private var written = 0
    private var control: [UInt8] = []
    private var bulk: [[UInt8]] = []
    private var bulkTaken = 0

    /// Bytes that wait.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func add(_ frame: [UInt8], _ priority: SendPriority) {
        count += frame.count
        switch priority {
        case .control: control.append(contentsOf: frame)
        case .bulk: addBulk(frame)
        }
    }

    private mutating func addBulk(_ frame: [UInt8]) {
        let last = bulk.count - 1
        if last >= bulkTaken, frame.count <= Outbox.copyLimit, bulk[last].count + frame.count <= Outbox.chunkSize {
            bulk[last].append(contentsOf: frame)
        } else {
            bulk.append(frame)
        }
    }

    /// Gives `write` the bytes in order until there are none or it takes fewer than offered; a negative result ends it
    /// too. Returns the last result of `write`, 0 if there was nothing.
    mutating func drain(_ write: (UnsafeRawBufferPointer) -> Int) -> Int {
        var result = 0
        while advance() {
            let offered = current.count - written
            result = current.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
            guard result >= 0 else { return result }
            written += result
            count -= result
            if result < offered { return result }
        }
        return result
    }

    /// Makes `current` the next bytes to write. A frame that has begun is always finished first.
    private mutating func advance() -> Bool {
        if written < current.count { return true }
        written = 0
        if current.capacity > Outbox.chunkSize { current = [] }
        current.removeAll(keepingCapacity: true)
        if !control.isEmpty {
            swap(&current, &control)
        } else if bulkTaken < bulk.count {
            current = []
            swap(&current, &bulk[bulkTaken])
            bulkTaken += 1
            if bulkTaken == bulk.count {
                bulk.removeAll(keepingCapacity: bulkTaken < 256)
                bulkTaken = 0
            }
        }
        return !current.isEmpty
    }
}
