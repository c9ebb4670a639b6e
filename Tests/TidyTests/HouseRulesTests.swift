import Testing

@Suite("House rules")
struct HouseRulesTests {
    /// Read once: the rules look at the same files.
    private static let repository = Result { try Repository() }

    /// The canaries in this folder hold planted breaches of the rules on words.
    private func files(withCanaries: Bool = true) throws -> [SourceFile] {
        let files = try Self.repository.get().files
        try #require(files.count > 20, "the repository's files were not found")
        return withCanaries ? files : files.filter { !$0.path.hasPrefix("Tests/TidyTests/") }
    }

    private func expectNone(_ findings: [Finding], _ place: SourceLocation = #_sourceLocation) {
        let report = findings.map(\.description).joined(separator: "\n")
        #expect(findings.isEmpty, "\n\(report)", sourceLocation: place)
    }

    @Test("No line is wider than 120 columns")
    func width() throws { expectNone(try files().flatMap(Layout.lineWidth)) }

    @Test("No file is longer than 500 lines")
    func fileLength() throws {
        let files = try files()
        expectNone(files.flatMap(Layout.length))
        let percentile = Layout.percentile95(files)
        #expect(percentile <= Layout.fileLength, "95 of 100 files have at most \(percentile) lines")
    }

    @Test("No function is longer than 70 lines")
    func functionLength() throws { expectNone(try files().flatMap(Layout.functions)) }

    @Test("No folder holds more than 15 Swift files")
    func folders() throws { expectNone(Layout.folders(try files())) }

    @Test("Nothing is left over for later")
    func leftovers() throws {
        let files = try files(withCanaries: false)
        expectNone(files.flatMap(Words.leftover) + files.flatMap(BannedCalls.unfinished))
    }

    @Test("No code is commented out")
    func commentedCode() throws { expectNone(try files(withCanaries: false).flatMap(Words.commentedCode)) }

    @Test("The text speaks of the product alone")
    func productOnly() throws { expectNone(try files(withCanaries: false).flatMap(Words.productOnly)) }

    @Test("Every folder is named after its subject")
    func folderNames() throws { expectNone(try files().flatMap(Words.folderName)) }

    @Test("Every import goes down the layers")
    func imports() throws { expectNone(try files().flatMap(Layers.imports)) }

    @Test("No call takes time, chance or threads from elsewhere than its parameters")
    func bannedCalls() throws { expectNone(try files().flatMap(BannedCalls.calls)) }

    @Test("What the compiler cannot check says why it is safe")
    func unchecked() throws { expectNone(try files().flatMap(BannedCalls.unchecked)) }

    @Test("The README has under 100 lines")
    func readme() throws { expectNone(try files().flatMap(Documents.readme)) }

    @Test("No document points to what is not there")
    func links() throws {
        let repository = try Self.repository.get()
        let files = try files(withCanaries: false)
        expectNone(files.flatMap { Documents.links($0, exists: repository.exists) })
        expectNone(files.flatMap { Documents.namedFiles($0, exists: repository.exists) })
    }

    @Test("No document, script or unit names a command or flag that is gone")
    func commands() throws { expectNone(try files().flatMap(Commands.named)) }

    @Test("Every service unit is hardened and drains")
    func units() throws { expectNone(try files().flatMap(Units.hardened)) }
}
