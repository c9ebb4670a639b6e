import FuzzKit
import Model
import Testing
import Wire

@Suite struct RoundTripTests {
    /// Any message that can be read is written and read back the same, in the size foretold, and all fields were met.
    @Test(arguments: allMessages.indices)
    func `every message comes back as it was sent`(index: Int) throws {
        try roundTrips(of: allMessages[index])
    }

    private func roundTrips<M: ProtoMessage>(of type: M.Type) throws {
        var source = RandomMessages(random: SeededRandom(seed: 11))
        var met: Set<String> = []
        let initial = properties(M())
        for _ in 0..<400 {
            guard let message = try? M(decoding: source.encoding(fields: 12)) else { continue }
            let written = message.encoded()
            #expect(message.encodedSize == written.count)
            #expect(try M(decoding: written) == message)
            for (label, value) in properties(message) where initial[label] != value { met.insert(label) }
        }
        #expect(met == Set(initial.keys), "fields never met in \(M.self)")
    }

    private func properties(_ message: some ProtoMessage) -> [String: String] {
        Dictionary(uniqueKeysWithValues: Mirror(reflecting: message).children.map { ($0.label ?? "", "\($0.value)") })
    }

    @Test func `every kind of body comes back as it was sent`() throws {
        var kinds: Set<String> = []
        for (name, bytes) in Corpus.envelopes() {
            guard let envelope = try? Proto.Envelope(decoding: bytes), let body = envelope.body else { continue }
            #expect(envelope.encoded() == bytes, "\(name)")
            kinds.insert(String("\(body)".prefix { $0 != "(" }))
        }
        #expect(kinds.count == (try protoFile()).bodies)
    }

    @Test func `the list of messages is that of the proto file`() throws {
        let named = allMessages.map { String(describing: $0) }
        #expect(named == (try protoFile()).messages)
    }

    private func protoFile() throws -> (messages: [String], bodies: Int) {
        let lines = try Repository.text("Sources/Wire/rookery.proto").split(separator: "\n")
        let messages = lines.filter { $0.hasPrefix("message ") }.map { String($0.split(separator: " ")[1]) }
        let bodies = lines.drop { !$0.contains("oneof body") }.dropFirst().prefix { !$0.contains("}") }
        return (messages, bodies.count)
    }

    @Test func `default values are not written`() {
        for type in allMessages { #expect(type.init().encoded().isEmpty) }
        #expect(Proto.Artifact(confidence: 0, collectedAtMs: 0).encoded() == [41, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a message that measures itself wrong is never sent`() async {
        await #expect(processExitsWith: .failure) { _ = Mismeasured().encoded() }
    }
}

private struct Mismeasured: ProtoMessage {
    var encodedSize: Int { 1 }
    mutating func decode(_ reader: inout ProtoReader) throws(WireError) {}
    func encode(_ writer: inout ProtoWriter) { writer.uint64(300) }
}
