import Glibc
import Model
import Testing
import Transport

@Suite struct AddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:7400", "127.0.0.1", 7400), ("[::1]:0", "::1", 0), ("hub.example:65535", "hub.example", 65535),
            ("localhost:1", "localhost", 1),
        ] as [(String, String, UInt16)])
    func `Addresses are host and port`(text: String, host: String, port: UInt16) throws {
        let address = try SocketAddress(text)
        #expect(address == SocketAddress(host: host, port: port))
        #expect(address.description == text)
    }

    @Test func `The port may be left out where there is a default`() throws {
        #expect(try SocketAddress("hub", defaultPort: 7400) == SocketAddress(host: "hub", port: 7400))
        #expect(try SocketAddress("[::1]", defaultPort: 7400) == SocketAddress(host: "::1", port: 7400))
    }

    @Test(arguments: [
        ("", #"the address "" names no host; write HOST:PORT, for example 127.0.0.1:7400"#),
        (":7400", #"the address ":7400" names no host; write HOST:PORT, for example 127.0.0.1:7400"#),
        ("hub", #"the address "hub" has no port; write HOST:PORT, for example hub:7400"#),
        ("hub:", #"the port "" of the address "hub:" is not a number from 0 to 65535"#),
        ("hub:65536", #"the port "65536" of the address "hub:65536" is not a number from 0 to 65535"#),
        ("hub:+80", #"the port "+80" of the address "hub:+80" is not a number from 0 to 65535"#),
        ("::1:7400", #"the address "::1:7400" has several colons; write an IPv6 address as [::1]:7400"#),
        ("[::1:7400", #"the address "[::1:7400" has a broken [ ]; write an IPv6 address as [::1]:7400"#),
        ("[::1]7400", #"the address "[::1]7400" has a broken [ ]; write an IPv6 address as [::1]:7400"#),
    ])
    func `A broken address is explained`(text: String, sentence: String) {
        do throws(SocketAddressError) {
            let address = try SocketAddress(text)
            Issue.record("parsed as \(address)")
        } catch {
            #expect(error.description == sentence)
        }
    }

    private func sentence(_ address: SocketAddress) throws -> String? {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        do throws(ListenError) {
            _ = try Listener(address, loops: loops, context: .init(compressor: Repeats())) { preconditionFailure() }
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `An address that cannot be listened on is explained`() async throws {
        try await TestServer().run { server in
            let taken = server.address
            let refusal = try sentence(taken)
            #expect(
                refusal == "cannot listen on \(taken): port \(taken.port) is in use; "
                    + "stop the process that has it, or give another port")
        }
        #expect(
            try sentence(SocketAddress(host: "192.0.2.1", port: 7400))
                == "cannot listen on 192.0.2.1:7400: 192.0.2.1 is not an address of this machine; "
                + "give one that is, or 0.0.0.0 for all")
        // A label of 64 letters is refused before any name server is asked.
        let label = String(repeating: "a", count: 64)
        let unresolved = try #require(try sentence(SocketAddress(host: label, port: 1)))
        #expect(unresolved.hasPrefix("cannot listen on \(label):1: the host \"\(label)\" does not resolve ("))
    }

    @Test(.enabled(if: geteuid() != 0, "root may listen on any port"))
    func `A port that needs more rights is explained`() throws {
        #expect(
            try sentence(SocketAddress(host: "127.0.0.1", port: 1))
                == "cannot listen on 127.0.0.1:1: port 1 needs more rights; give a port from 1024 on")
    }
}
