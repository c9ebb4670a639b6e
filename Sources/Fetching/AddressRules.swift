/// Which addresses may be connected to. It judges the address that the socket is about to use, so no spelling of a
/// host name, redirect or name server can lead around it.
package struct AddressRules: Sendable {
    private var hosts: Set<String> = []
    private var networks: [Network] = []
    private var needsContact = false

    package enum Refusal: Hashable, Sendable {
        case notPublic(String)
        /// Public, and whoever is asked has nobody to complain to.
        case noContact(String)

        package var words: String {
            switch self {
            case .notPublic(let words), .noContact(let words): words
            }
        }
    }

    /// Nothing but public addresses.
    package static let publicOnly = AddressRules()

    private init() {}

    /// `allowed`: host names ("intranet.example"), addresses and networks ("10.1.0.0/16") that may be private. Without
    /// a contact nothing else is connected to.
    package init(allowed: [String], hasContact: Bool = true) {
        needsContact = !hasContact
        for entry in allowed {
            if let network = Network(entry) {
                networks.append(network)
            } else {
                hosts.insert(entry.lowercased())
            }
        }
    }

    /// Why `address` is refused for `host`; nil when it may be used.
    package func refusal(of address: Address, for host: String) -> Refusal? {
        if allows(address, for: host) { return nil }
        if let kind = AddressRules.kind(of: address) {
            return .notPublic(
                "\(address) is \(kind); allow the host or its network with --allow-private to collect from it")
        }
        guard needsContact else { return nil }
        return .noContact(
            "this node has no contact, so it collects allowed private hosts only; give it one with --contact")
    }

    private func allows(_ address: Address, for host: String) -> Bool {
        if hosts.contains(host.lowercased()) || networks.contains(where: { $0.contains(address) }) { return true }
        guard let inner = address.embedded else { return false }
        return networks.contains { $0.contains(inner) }
    }

    /// What makes an address not public; nil for a public one.
    package static func kind(of address: Address) -> String? {
        if let inner = address.embedded { return kind(of: inner) }
        return special.first { $0.network.contains(address) }?.kind
    }

    /// The registries of special-purpose addresses (RFC 6890 and its successors), as far as they are not global.
    private static let special: [(network: Network, kind: String)] = [
        ("0.0.0.0/8", "an address of this host"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "shared (carrier NAT)"),
        ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "for documentation"), ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"), ("198.18.0.0/15", "for benchmarks"), ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
        ("::/128", "an address of this host"), ("::1/128", "loopback"), ("::/96", "reserved"),
        ("64:ff9b:1::/48", "reserved"), ("100::/64", "reserved"), ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("3fff::/20", "for documentation"), ("5f00::/16", "reserved"), ("fc00::/7", "unique-local"),
        ("fe80::/10", "link-local"), ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
    ].compactMap { text, kind in Network(text).map { ($0, kind) } }
}
