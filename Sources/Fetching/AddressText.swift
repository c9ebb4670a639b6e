import Glibc

/// Text to address and back, by the C library's strict functions.
enum AddressText {
    static func parse(_ text: String) -> [UInt8]? {
        guard text.utf8.count < Int(INET6_ADDRSTRLEN) else { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, text, &sixteen) == 1 ? sixteen : nil
    }

    static func format(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        let done = text.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                inet_ntop(family, bytes, $0.baseAddress, socklen_t($0.count)) != nil
            }
        }
        return done ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : "an unprintable address"
    }
}

extension Address: CustomStringConvertible {
    package var description: String { AddressText.format(bytes) }
}
