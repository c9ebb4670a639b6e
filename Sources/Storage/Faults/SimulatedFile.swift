import Glibc
import Model

/// A file as the operating system shows it, and as a power cut would leave it.
struct SimulatedFile {
    /// A change that no sync has made durable yet.
    enum Change {
        case write(Int, [UInt8])
        case truncate(Int)
    }

    static let sector = 512  // bytes a disk writes whole or not at all

    private(set) var current: [UInt8] = []
    private var durable: [UInt8] = []
    private var pending: [Change] = []
    /// The directory is known to have it.
    private(set) var isEntryDurable = false

    mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        SimulatedFile.write(bytes, at: offset, to: &current)
        pending.append(.write(offset, [UInt8](copying: bytes)))
    }

    mutating func truncate(to size: Int) {
        SimulatedFile.resize(&current, to: size)
        pending.append(.truncate(size))
    }

    mutating func sync() {
        for change in pending { SimulatedFile.apply(change, to: &durable) }
        pending.removeAll(keepingCapacity: true)
    }

    /// The directory was synced.
    mutating func keepEntry() { isEntryDurable = true }

    /// What is left after a power cut: any subset of the changes, any sectors of a write. Nil if there is no file.
    func afterCrash(_ random: inout some RandomSource) -> SimulatedFile? {
        if !isEntryDurable, random.oneIn(2) { return nil }
        var left = self
        left.isEntryDurable = true
        left.pending = []
        switch random.below(4) {
        case 0: break
        case 1:
            let whole = Int(random.below(UInt64(pending.count + 1)))
            for change in pending.prefix(whole) { SimulatedFile.apply(change, to: &left.durable) }
            if whole < pending.count { SimulatedFile.tear(pending[whole], into: &left.durable, &random) }
        default:
            for change in pending {
                switch random.below(4) {
                case 0: break
                case 1: SimulatedFile.tear(change, into: &left.durable, &random)
                default: SimulatedFile.apply(change, to: &left.durable)
                }
            }
        }
        left.current = left.durable
        return left
    }

    private static func apply(_ change: Change, to content: inout [UInt8]) {
        switch change {
        case .write(let offset, let bytes): bytes.withUnsafeBytes { write($0, at: offset, to: &content) }
        case .truncate(let size): resize(&content, to: size)
        }
    }

    /// Some of the sectors of a write, or all of a truncation, or none.
    private static func tear(_ change: Change, into content: inout [UInt8], _ random: inout some RandomSource) {
        guard case .write(let offset, let bytes) = change else {
            if random.oneIn(2) { apply(change, to: &content) }
            return
        }
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, ((offset + start) / sector + 1) * sector - offset)
                if random.oneIn(2) {
                    write(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: offset + start, to: &content)
                }
                start = end
            }
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, at offset: Int, to content: inout [UInt8]) {
        if offset + bytes.count > content.count { resize(&content, to: offset + bytes.count) }
        content.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[offset...]).copyMemory(from: bytes)
        }
    }

    private static func resize(_ content: inout [UInt8], to size: Int) {
        if size < content.count {
            content.removeLast(content.count - size)
        } else {
            content += [UInt8](zeros: size - content.count)
        }
    }
}

extension [UInt8] {
    /// In one move, in builds without optimisation too: simulations run in those.
    init(copying bytes: UnsafeRawBufferPointer) {
        self.init(unsafeUninitializedCapacity: bytes.count) { space, count in
            if let start = bytes.baseAddress, let target = space.baseAddress { memcpy(target, start, bytes.count) }
            count = bytes.count
        }
    }

    fileprivate init(zeros: Int) {
        self.init(unsafeUninitializedCapacity: zeros) { space, count in
            if let target = space.baseAddress { memset(target, 0, zeros) }
            count = zeros
        }
    }
}
