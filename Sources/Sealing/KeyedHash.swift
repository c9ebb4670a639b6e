import COpenSSL

/// BLAKE2b with a key, a salt and a personalisation, made once and used for many digests. It belongs to one thread.
///
/// Parts that follow each other are one stream of bytes: give every part of variable length its length first, with
/// `updateLengthAndBytes`, where two lists of parts must never be spelled alike.
package final class KeyedHash {
    package let digestSize: Int
    private let context: OpaquePointer

    /// The key has 32 bytes; salt and personalisation have at most 16, and shorter ones count as padded with zeros.
    package init(
        key: some Collection<UInt8>, salt: some Collection<UInt8> = [], personalisation: some Collection<UInt8>,
        digestSize: Int = Digest.size
    ) throws(SealingError) {
        guard key.count == 32 else { throw .keyLength(key.count) }
        guard salt.count <= 16 else { throw .saltLength(salt.count) }
        guard personalisation.count <= 16 else { throw .personalisationLength(personalisation.count) }
        guard digestSize == 16 || digestSize == 32 else { throw .digestSize(digestSize) }
        guard let algorithm = EVP_MAC_fetch(nil, "BLAKE2BMAC", nil) else { throw .unavailable }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .unavailable }
        self.context = context
        self.digestSize = digestSize
        let started = KeyedHash.start(context, Array(key), Array(salt), Array(personalisation), digestSize)
        guard started else { throw .unavailable }
    }

    deinit { EVP_MAC_CTX_free(context) }

    /// Forgets what was given since the last digest.
    package func reset() { check(EVP_MAC_init(context, nil, 0, nil)) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        check(EVP_MAC_update(context, start.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    package func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }

    /// Eight bytes, little-endian.
    package func update(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { update($0) } }

    package func updateLengthAndBytes(_ bytes: ArraySlice<UInt8>) {
        update(UInt64(bytes.count))
        update(bytes)
    }

    /// Writes the digest and makes the hash ready for the next one. `output` has exactly `digestSize` bytes.
    package func finish(into output: UnsafeMutableRawBufferPointer) {
        precondition(output.count == digestSize, "a digest of \(digestSize) bytes does not fit \(output.count)")
        var written = 0
        check(EVP_MAC_final(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &written, output.count))
        reset()
    }

    /// The digest of a hash of 32 bytes.
    package func finish() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { finish(into: $0) }
        return Digest(words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }

    /// The digest of a hash of 16 bytes, as two big-endian words.
    package func finishShort() -> (high: UInt64, low: UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { finish(into: $0) }
        return (words.0.bigEndian, words.1.bigEndian)
    }

    /// The digest of one whole text.
    package func digest(of bytes: ArraySlice<UInt8>) -> Digest {
        update(bytes)
        return finish()
    }

    private func check(_ result: Int32) {
        // These calls fail only on a context that was never started, and `init` throws then.
        precondition(result == 1, "OpenSSL refused a BLAKE2BMAC call")
    }

    private static func start(
        _ context: OpaquePointer, _ key: [UInt8], _ salt: [UInt8], _ personalisation: [UInt8], _ size: Int
    ) -> Bool {
        var (salt, personalisation, size) = (salt, personalisation, size)
        return salt.withUnsafeMutableBytes { salt in
            personalisation.withUnsafeMutableBytes { personalisation in
                withUnsafeMutablePointer(to: &size) { size in
                    var parameters = [OSSL_PARAM_construct_size_t(Name.size, size)]
                    if !salt.isEmpty {
                        parameters.append(OSSL_PARAM_construct_octet_string(Name.salt, salt.baseAddress, salt.count))
                    }
                    if !personalisation.isEmpty {
                        parameters.append(
                            OSSL_PARAM_construct_octet_string(
                                Name.personalisation, personalisation.baseAddress, personalisation.count))
                    }
                    parameters.append(OSSL_PARAM_construct_end())
                    return EVP_MAC_init(context, key, key.count, parameters) == 1
                }
            }
        }
    }

    /// OpenSSL's names for the parameters. A parameter keeps the pointer to its name, so the imported macros, which
    /// become Swift strings with C copies for one call only, do not serve.
    private enum Name {
        static var size: UnsafePointer<CChar> { pointer("size") }
        static var salt: UnsafePointer<CChar> { pointer("salt") }
        static var personalisation: UnsafePointer<CChar> { pointer("custom") }

        private static func pointer(_ name: StaticString) -> UnsafePointer<CChar> {
            UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        }
    }
}
