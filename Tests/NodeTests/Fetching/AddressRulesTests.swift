import Fetching
import Testing

@Suite("Only public addresses are connected to, unless the configuration allows others")
struct AddressRulesTests {
    @Test(
        "what is not public is refused, in every wrapping",
        arguments: [
            ("0.0.0.0", "an address of this host"), ("0.1.2.3", "an address of this host"), ("10.255.0.1", "private"),
            ("100.64.0.1", "shared (carrier NAT)"), ("100.127.255.255", "shared (carrier NAT)"),
            ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"), ("172.31.255.255", "private"), ("192.0.0.8", "reserved"),
            ("192.0.2.1", "for documentation"), ("192.168.1.1", "private"), ("198.19.0.1", "for benchmarks"),
            ("224.0.0.1", "multicast"), ("255.255.255.255", "reserved"), ("::", "an address of this host"),
            ("::1", "loopback"), ("::0.1.2.3", "reserved"), ("::ffff:127.0.0.1", "loopback"),
            ("::ffff:7f00:1", "loopback"), ("::ffff:10.0.0.1", "private"), ("::ffff:0:10.0.0.1", "private"),
            ("::10.0.0.1", "private"), ("64:ff9b::a9fe:a9fe", "link-local"), ("64:ff9b:1::1", "reserved"),
            ("2002:7f00:1::", "loopback"), ("2002:c0a8:101::1", "private"), ("2001::1", "reserved"),
            ("2001:db8::1", "for documentation"), ("fc00::1", "unique-local"), ("fdff::1", "unique-local"),
            ("fe80::1", "link-local"), ("febf::1", "link-local"), ("fec0::1", "site-local"), ("ff02::1", "multicast"),
        ])
    func refused(text: String, kind: String) throws {
        let address = try #require(Address(text))
        #expect(AddressRules.kind(of: address) == kind)
        let reason = AddressRules.publicOnly.refusal(of: address, for: "example.org")
        #expect(
            reason
                == .notPublic(
                    "\(address) is \(kind); allow the host or its network with --allow-private to collect from it"))
    }

    @Test(
        "public addresses are not",
        arguments: [
            "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "169.253.1.1",
            "192.167.1.1", "192.0.1.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
            "64:ff9b::808:808", "2002:808:808::1",
        ])
    func allowed(text: String) throws {
        let address = try #require(Address(text))
        #expect(AddressRules.publicOnly.refusal(of: address, for: "example.org") == nil)
    }

    @Test("a host that is allowed by name may be private; another name for the same address may not")
    func byName() throws {
        let rules = AddressRules(allowed: ["Intranet.example"])
        let address = try #require(Address("10.0.0.1"))
        #expect(rules.refusal(of: address, for: "intranet.EXAMPLE") == nil)
        #expect(rules.refusal(of: address, for: "evil.example") != nil)
    }

    @Test("an allowed network covers its addresses under any name, also inside IPv6, and no others")
    func byNetwork() throws {
        let rules = AddressRules(allowed: ["10.1.0.0/17", "::1"])
        for (text, isAllowed) in [
            ("10.1.0.1", true), ("10.1.127.255", true), ("10.1.128.0", false), ("::ffff:10.1.0.1", true),
            ("::1", true), ("127.0.0.1", false), ("fe80::1", false),
        ] {
            let address = try #require(Address(text))
            #expect((rules.refusal(of: address, for: "any.example") == nil) == isAllowed, "\(text)")
        }
    }

    @Test("without a contact only allowed private hosts are connected to, and the refusal says so")
    func noContact() throws {
        let rules = AddressRules(allowed: ["10.0.0.0/8"], hasContact: false)
        let reason = rules.refusal(of: try #require(Address("1.1.1.1")), for: "one.example")
        #expect(
            reason
                == .noContact(
                    "this node has no contact, so it collects allowed private hosts only; give it one with --contact"))
        #expect(rules.refusal(of: try #require(Address("10.0.0.1")), for: "ten.example") == nil)
    }

    @Test(
        "a network is an address with a prefix that fits it",
        arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "::/129", "example.org", ""])
    func notANetwork(text: String) { #expect(Network(text) == nil) }

    @Test(
        "a numeric host is read as the connection will read it",
        arguments: [
            ("http://2130706433/", "127.0.0.1"), ("http://0x7f.0.0.1/", "127.0.0.1"),
            ("http://0177.0.0.1/", "127.0.0.1"), ("http://127.1/", "127.0.0.1"), ("http://0x7f000001/", "127.0.0.1"),
            ("http://[::FFFF:7f00:1]:81/", "::ffff:7f00:1"), ("HTTPS://Example.ORG:8443/a b", "example.org"),
        ])
    func hostOfLocation(text: String, host: String) throws {
        let location = try Location(text.split(separator: " ").joined())
        #expect(location.host == host)
    }

    @Test(
        "only http and https, and no credentials",
        arguments: [
            (
                "file:///etc/passwd",
                "location \"file:///etc/passwd\": it names no host; give http://host/path, without credentials"
            ),
            (
                "gopher://example.org:70/1",
                "location \"gopher://example.org:70/1\": the scheme gopher is refused; give http or https"
            ),
            (
                "http://me:secret@example.org/",
                "location \"http://me:secret@example.org/\": it carries credentials; "
                    + "give http://host/path, without credentials"
            ),
            ("", "location \"\": bad scheme; give http://host/path, without credentials"),
        ])
    func badLocation(text: String, words: String) {
        #expect(throws: FetchError(.badLocation, words)) { try Location(text) }
    }
}
