/// Why a hash could not be made or randomness not be had.
package enum SealingError: Error, Hashable, Sendable, CustomStringConvertible {
    case keyLength(Int)
    case saltLength(Int)
    case personalisationLength(Int)
    case digestSize(Int)
    /// OpenSSL has no BLAKE2BMAC, or cannot start it.
    case unavailable
    case noRandomness

    package var description: String {
        switch self {
        case .keyLength(let count): "could not key a hash: the key has \(count) bytes and needs exactly 32"
        case .saltLength(let count): "could not salt a hash: the salt has \(count) bytes and may have at most 16"
        case .personalisationLength(let count):
            "could not personalise a hash: the personalisation has \(count) bytes and may have at most 16"
        case .digestSize(let count):
            "could not make a hash: a digest of \(count) bytes was asked for, and 16 or 32 can be had"
        case .unavailable:
            "could not make a hash: this OpenSSL has no BLAKE2BMAC; use OpenSSL 3 with its default provider"
        case .noRandomness: "could not get random bytes from OpenSSL; check that the system's random source works"
        }
    }
}
