import Model
import Sealing

/// Who a target is: BLAKE2b-128 of its type and location, and of its host where it belongs to one. The key is public,
/// so that every cluster gives the same target the same id.
struct TargetIdentity {
    private let hash: KeyedHash

    init() {
        guard
            let hash = try? KeyedHash(
                key: Array("rookery target identity key, v 1".utf8), personalisation: Array("rookery.target".utf8),
                digestSize: 16)
        else { preconditionFailure("OpenSSL has no BLAKE2BMAC; install libssl3 with its default provider") }
        self.hash = hash
    }

    func id(type: TargetType, location: String, pin: String) -> TargetID {
        hash.updateLengthAndBytes(Array(type.name.utf8)[...])
        hash.updateLengthAndBytes(Array(location.utf8)[...])
        if type.belongsToHost { hash.updateLengthAndBytes(Array(pin.utf8)[...]) }
        let (high, low) = hash.finishShort()
        return TargetID(high: high, low: low)
    }
}
