/// An IP address as the socket will use it: 4 or 16 bytes in network order.
package struct Address: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Nil unless there are 4 or 16 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Only the spellings that connect() itself knows: dotted quads of plain decimals, and IPv6.
    package init?(_ text: String) {
        guard let bytes = AddressText.parse(text) else { return nil }
        self.bytes = bytes
    }

    /// The IPv4 address that this one reaches in the end, if it is a wrapping of one.
    package var embedded: Address? {
        guard bytes.count == 16 else { return nil }
        let zeros = { (range: Range<Int>) in self.bytes[range].allSatisfy { $0 == 0 } }
        if zeros(0..<10), bytes[10] == 0xFF, bytes[11] == 0xFF { return tail(12) }  // ::ffff:a.b.c.d, mapped
        if zeros(0..<8), bytes[8] == 0xFF, bytes[9] == 0xFF, zeros(10..<12) { return tail(12) }  // ::ffff:0:a.b.c.d
        if zeros(0..<12), bytes[12] != 0 { return tail(12) }  // ::a.b.c.d, compatible
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B]), zeros(4..<12) { return tail(12) }  // 64:ff9b::, NAT64
        if bytes[0] == 0x20, bytes[1] == 0x02 { return tail(2) }  // 2002:a.b.c.d::, 6to4
        return nil
    }

    private func tail(_ start: Int) -> Address? { Address(Array(bytes[start..<start + 4])) }
}

/// A network in prefix notation; an address alone is a network of one.
package struct Network: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Address(String(parts[0])) else { return nil }
        let width = address.bytes.count * 8
        if parts.count == 2 {
            guard let bits = Int(parts[1]), (0...width).contains(bits) else { return nil }
            self.bits = bits
        } else {
            bits = width
        }
        prefix = address.bytes
    }

    package func contains(_ address: Address) -> Bool {
        guard address.bytes.count == prefix.count else { return false }
        let whole = bits / 8
        guard address.bytes[..<whole] == prefix[..<whole] else { return false }
        guard bits % 8 != 0 else { return true }
        return (address.bytes[whole] ^ prefix[whole]) >> UInt8(8 - bits % 8) == 0
    }
}
