import Model

/// What receipts say, added up commit by commit: what an orchestrator that counts each once must have counted.
struct ReceiptSums {
    struct Sum: Equatable {
        var stored: UInt64 = 0
        var duplicates: UInt64 = 0
        var refused: UInt64 = 0
        var unchanged: UInt64 = 0

        mutating func add(_ receipt: Receipt) {
            stored += UInt64(receipt.stored)
            duplicates += UInt64(receipt.duplicates)
            refused += UInt64(receipt.refused)
            unchanged += UInt64(receipt.unchanged)
        }
    }

    private var sums: [(position: UInt64, sum: Sum)] = [(0, Sum())]
    /// The last version of the log that anybody has seen.
    private(set) var version: UInt64 = 0

    var position: UInt64 { sums.last?.position ?? 0 }

    mutating func add(_ page: ReceiptPage) {
        guard page.position > position, var sum = sums.last?.sum else { return }
        for receipt in page.receipts { sum.add(receipt) }
        sums.append((page.position, sum))
    }

    mutating func seen(version: UInt64) { self.version = max(self.version, version) }

    /// Of every receipt with a version up to this one.
    func sum(through position: UInt64) -> Sum {
        var low = 0
        var high = sums.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if sums[middle].position <= position { low = middle } else { high = middle }
        }
        return sums[low].sum
    }
}
