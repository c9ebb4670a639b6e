import Testing
import Wire

@Suite struct StringMapTests {
    @Test func `pairs are found, replaced and removed by key`() {
        var map: StringMap = ["b": "2", "a": "1"]
        map["c"] = "3"
        map["a"] = "one"
        map["b"] = nil
        map["missing"] = nil
        #expect(map == ["a": "one", "c": "3"])
        #expect(map["b"] == nil)
        #expect(map.count == 2)
    }

    @Test func `order of arrival does not matter, and the last of equal keys stays`() throws {
        let forth: StringMap = ["a": "1", "b": "2"]
        #expect(forth == ["b": "2", "a": "0", "a": "1"])
        // labels { b: 2 } { a: 0 } { a: 1 }
        let labels: [UInt8] = [34, 6, 10, 1, 98, 18, 1, 50, 34, 6, 10, 1, 97, 18, 1, 48, 34, 6, 10, 1, 97, 18, 1, 49]
        #expect(try Proto.RegisterNode(decoding: labels).labels == forth)
    }

    @Test func `keys are written in the order of their bytes`() {
        let labels = Proto.RegisterNode(labels: ["b": "2", "a": "1"]).encoded()
        #expect(labels == [34, 6, 10, 1, 97, 18, 1, 49, 34, 6, 10, 1, 98, 18, 1, 50])
    }

    @Test func `an entry without key or value has empty ones`() throws {
        #expect(try Proto.RegisterNode(decoding: [34, 0]).labels == ["": ""])
    }

    @Test func `keys that Swift holds canonically equal stay apart`() throws {
        let map: StringMap = ["e\u{301}": "decomposed", "\u{E9}": "composed"]
        #expect(map.count == 2)
        #expect(map["\u{E9}"] == "composed")
        #expect(map["e\u{301}"] == "decomposed")
    }

    @Test func `twenty thousand entries in reverse are put in order without quadratic time`() throws {
        var bytes: [UInt8] = []
        for number in (0..<20_000).reversed() {
            let key = Array(String(number).utf8)
            bytes += [34, UInt8(key.count + 2), 10, UInt8(key.count)] + key
        }
        let clock = ContinuousClock()
        let elapsed = try clock.measure { _ = try Proto.RegisterNode(decoding: bytes) }
        #expect(elapsed < .seconds(5))
    }

    @Test func `keys that are expected, and those that only look like them, are read alike`() throws {
        let map: StringMap = [
            "collection_method": "web", "collection_methoD": "1", "domain": "a.example", "domaim": "2",
            "source_typ": "3",
            "source_type": "feed", "Domain": "4",
        ]
        let read = try Proto.Artifact(decoding: Proto.Artifact(metadata: map).encoded())
        #expect(read.metadata == map)
        #expect(read.metadata["domain"] == "a.example")
        #expect(read.metadata["domaim"] == "2")
        #expect(read.metadata["sourcetype"] == nil)
        // metadata { "domai\u{FF}": "" }: as long as a key that is expected, and no text.
        let broken: [UInt8] = [34, 8, 10, 6, 100, 111, 109, 97, 105, 255]
        #expect(throws: WireError.invalidUTF8) { try Proto.Artifact(decoding: broken) }
        #expect(throws: WireError.truncated) { try Proto.Artifact(decoding: [34, 4, 10, 6, 100, 111]) }
    }
}
