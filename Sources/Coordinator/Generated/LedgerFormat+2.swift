// swift-format-ignore-file
// Generated from ledger.proto by scripts/generate; edit that instead.

package import Wire

extension LedgerFormat {
    package struct StoredReceipts: ProtoMessage {
        package var receipts: [LedgerFormat.StoredReceipt] = []

        package init() {}

        package init(
            receipts: [LedgerFormat.StoredReceipt] = []
        ) {
            self.receipts = receipts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &receipts)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            writer.messages(receipts, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(receipts, tag: 1)
            return size
        }
    }
}
