import Glibc

/// Where to listen or connect, as people write it: `host:port`, `192.0.2.1:7400`, `[2001:db8::1]:7400`.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Parses `text`; with `defaultPort` the port may be left out.
    package init(_ text: String, defaultPort: UInt16? = nil) throws(SocketAddressError) {
        let (host, port) = try SocketAddress.split(text)
        guard !host.isEmpty else { throw .missingHost(text) }
        self.host = String(host)
        guard let port else {
            guard let defaultPort else { throw .missingPort(text) }
            self.port = defaultPort
            return
        }
        guard let number = UInt16(port), port.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw .invalidPort(text, port: String(port))
        }
        self.port = number
    }

    private static func split(_ text: String) throws(SocketAddressError) -> (Substring, Substring?) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw .unclosedBracket(text) }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            guard rest.hasPrefix(":") else { throw .unclosedBracket(text) }
            return (host, rest.dropFirst())
        }
        guard let colon = text.firstIndex(of: ":") else { return (text[...], nil) }
        let rest = text[text.index(after: colon)...]
        guard !rest.contains(":") else { throw .bareIPv6(text) }
        return (text[..<colon], rest)
    }

    /// True when only this machine can reach it, whatever its resolver says.
    package var isLoopback: Bool {
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        return host == "localhost" || host == "::1"
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What is wrong with an address as it was written.
package enum SocketAddressError: Error, Equatable, CustomStringConvertible {
    case missingHost(String)
    case missingPort(String)
    case invalidPort(String, port: String)
    case unclosedBracket(String)
    case bareIPv6(String)

    package var description: String {
        switch self {
        case .missingHost(let text):
            "the address \"\(text)\" names no host; write HOST:PORT, for example 127.0.0.1:7400"
        case .missingPort(let text):
            "the address \"\(text)\" has no port; write HOST:PORT, for example \(text):7400"
        case .invalidPort(let text, let port):
            "the port \"\(port)\" of the address \"\(text)\" is not a number from 0 to 65535"
        case .unclosedBracket(let text):
            "the address \"\(text)\" has a broken [ ]; write an IPv6 address as [::1]:7400"
        case .bareIPv6(let text):
            "the address \"\(text)\" has several colons; write an IPv6 address as [::1]:7400"
        }
    }
}
