import Model
package import Sealing

/// What a backup consists of, as the text file that stands beside it. Its last line seals the others.
package struct BackupManifest: Equatable, Sendable {
    package struct File: Equatable, Sendable {
        package var name: String
        package var size: UInt64
        package var digest: Digest

        package init(name: String, size: UInt64, digest: Digest) {
            self.name = name
            self.size = size
            self.digest = digest
        }
    }

    package static let name = "manifest"
    private static let title = "rookery-backup 1"

    /// Empty where an orchestrator apart had not heard of one.
    package var cluster: [UInt8]
    /// The coordinator's, or that of an orchestrator apart.
    package var incarnation: UInt64
    package var stateVersion: UInt64
    package var receiptPosition: UInt64
    /// Empty without a ledger.
    package var secretID: [UInt8]
    /// Of the secret that was about to take the other's place.
    package var nextSecretID: [UInt8]?
    package var files: [File] = []

    package init(
        cluster: [UInt8], incarnation: UInt64, stateVersion: UInt64, receiptPosition: UInt64, secretID: [UInt8]
    ) {
        self.cluster = cluster
        self.incarnation = incarnation
        self.stateVersion = stateVersion
        self.receiptPosition = receiptPosition
        self.secretID = secretID
    }

    /// Of an orchestrator that is a process of its own; its coordinator's part is another backup.
    package static func ofOrchestrator(
        cluster: [UInt8], incarnation: UInt64, receiptPosition: UInt64
    ) -> BackupManifest {
        BackupManifest(
            cluster: cluster, incarnation: incarnation, stateVersion: 0, receiptPosition: receiptPosition, secretID: [])
    }

    package func holds(_ name: String) -> Bool { files.contains { $0.name == name } }

    package func text() throws(LedgerError) -> String {
        var lines = [BackupManifest.title]
        if !cluster.isEmpty { lines.append("cluster \(Hex.text(cluster))") }
        lines += [
            "incarnation \(incarnation)", "state_version \(stateVersion)", "receipt_position \(receiptPosition)",
        ]
        if !secretID.isEmpty { lines.append("secret_id \(Hex.text(secretID))") }
        if let nextSecretID { lines.append("next_secret_id \(Hex.text(nextSecretID))") }
        for file in files { lines.append("file \(file.name) \(file.size) \(file.digest.hex)") }
        let body = lines.map { $0 + "\n" }.joined()
        return body + "checksum \(try BackupManifest.seal(body).hex)\n"
    }

    /// Refuses a text that is not whole, letter for letter.
    package init(parsing text: String) throws(LedgerError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let body = lines.dropLast(2).map { $0 + "\n" }.joined()
        guard lines.count > 2, lines[0] == BackupManifest.title, lines.last == "",
            lines[lines.count - 2] == "checksum \(try BackupManifest.seal(body).hex)"
        else { throw .backup("the backup's manifest is damaged or of another version; use another backup") }
        self.init(cluster: [], incarnation: 0, stateVersion: 0, receiptPosition: 0, secretID: [])
        for line in lines.dropFirst().dropLast(2) { try take(line.split(separator: " ")) }
    }

    private mutating func take(_ words: [Substring]) throws(LedgerError) {
        switch (words.first, words.count) {
        case ("cluster", 2): cluster = Hex.bytes(words[1]) ?? []
        case ("secret_id", 2): secretID = Hex.bytes(words[1]) ?? []
        case ("next_secret_id", 2): nextSecretID = Hex.bytes(words[1]) ?? []
        case ("incarnation", 2): incarnation = UInt64(words[1]) ?? 0
        case ("state_version", 2): stateVersion = UInt64(words[1]) ?? 0
        case ("receipt_position", 2): receiptPosition = UInt64(words[1]) ?? 0
        case ("file", 4):
            guard let size = UInt64(words[2]), let digest = Digest(hex: words[3]), !words[1].contains("/") else {
                fallthrough
            }
            files.append(File(name: String(words[1]), size: size, digest: digest))
        default: throw .backup("the backup's manifest has an unknown line: \(words.joined(separator: " "))")
        }
    }

    private static func seal(_ text: String) throws(LedgerError) -> Digest {
        let hash = try makeHash()
        hash.update(Array(text.utf8)[...])
        return hash.finish()
    }

    /// Finds decay and mistakes; whoever can write the files can write the manifest too.
    static func makeHash() throws(LedgerError) -> KeyedHash {
        do throws(SealingError) {
            return try KeyedHash(key: [UInt8](repeating: 0, count: 32), personalisation: "rookery.backup..".utf8)
        } catch {
            throw .sealing(error)
        }
    }
}
