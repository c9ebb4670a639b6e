import Compression
import Model
import Telemetry
import TestKit
import Testing
import Transport
import Wire

@testable import Node

@Suite("Data sets")
struct DatasetTests {
    private func rows(_ form: RowReader.Form, _ text: String, piece: Int = .max, limit: Int = 1_000) -> [String] {
        var reader = RowReader(form, limit: limit)
        var rows: [(row: RowReader.Row, end: Int)] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            rows += reader.take(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        rows += reader.end()
        return rows.map { row in
            switch row.row {
            case .value(_, let written): String(decoding: written, as: UTF8.self)
            case .unusable(let words): "! \(words)"
            }
        }
    }

    @Test(
        "rows are the same, in whatever pieces they come",
        arguments: [
            (RowReader.Form.jsonl, "{\"a\":1}\n\n [2]\r\nx\n3", ["{\"a\":1}", "[2]", "! it is no JSON", "3"]),
            (
                .csv, "a,b\n1,2\r\n\"x,\"\"y\",\"two\nlines\"\n",
                [#"{"a":"1","b":"2"}"#, #"{"a":"x,\"y","b":"two\nlines"}"#]
            ),
            (.csv, "\u{FEFF}a\n1\n\n2", [#"{"a":"1"}"#, #"{"a":"2"}"#]),
            (
                .csv, "a,b\n1\n1,2,3\n,\n",
                [
                    "! it has 1 fields, and the header 2", "! it has 3 fields, and the header 2", #"{"a":"","b":""}"#,
                ]
            ),
            (.tsv, "a\tb\n1,\"2\t3\"\n", [#"{"a":"1,\"2","b":"3\""}"#]),
            (.tsv, "a\tb\n\"x\ty\nz\"\t\"q\"\"\"\n", [#"{"a":"x\ty\nz","b":"q\""}"#]),
            (.csv, "a,b\n\"x\"y,1\n", [#"{"a":"xy","b":"1"}"#]), (.csv, "", []), (.csv, "a,b", []),
        ] as [(RowReader.Form, String, [String])])
    func rows(form: RowReader.Form, text: String, expected: [String]) {
        for piece in [1, 2, 3, 7, .max] { #expect(rows(form, text, piece: piece) == expected) }
    }

    @Test("a row that is too long is refused, and those beside it are not")
    func long() {
        let long = String(repeating: "x", count: 2_000)
        #expect(rows(.jsonl, "1\n\"\(long)\"\n2") == ["1", "! it has more than 1000 bytes", "2"])
        #expect(rows(.csv, "a\n1\n\(long)\n2").count == 3)
    }

    @Test("gzip, zstd and plain text are told by their first bytes, and come out in bounded pieces")
    func decoder() throws {
        let decoder = StreamDecoder()
        decoder.feed(GzipSamples.zeros + GzipSamples.zeros)
        var total = 0
        while !decoder.isHungry {
            let piece = try decoder.take(1_000, atEnd: false)
            #expect(piece.count <= 1_000)
            total += piece.count
        }
        while case let piece = try decoder.take(1_000, atEnd: true), !piece.isEmpty { total += piece.count }
        #expect(total == 2 * GzipSamples.zerosInflated)
        var packed: [UInt8] = []
        Zstd().compress([UInt8](repeating: 7, count: 100_000)[...], into: &packed)
        let other = StreamDecoder()
        total = 0
        for byte in packed {
            other.feed([byte])
            total += try other.take(200_000, atEnd: false).count
        }
        #expect(total == 100_000)
        let plain = StreamDecoder()
        plain.feed([1, 2])
        #expect(try plain.take(10, atEnd: true) == [1, 2])
        #expect(plain.isPlain)
    }

    @Test("a stream that is broken or cut off is told as such")
    func brokenStream() throws {
        let cut = StreamDecoder()
        cut.feed(Array(GzipSamples.zeros.prefix(30)))
        while !cut.isHungry { _ = try cut.take(1 << 20, atEnd: false) }
        #expect(throws: StreamDecoder.Broken.self) { try cut.take(1 << 20, atEnd: true) }
        let broken = StreamDecoder()
        broken.feed([0x28, 0xB5, 0x2F, 0xFD] + [UInt8](repeating: 0xFF, count: 64))
        #expect(throws: StreamDecoder.Broken.self) { try broken.take(100, atEnd: true) }
    }

    // MARK: Collecting

    private func assignment(
        _ location: String, _ options: [String: String] = [:], bookmark: [UInt8]? = nil
    ) -> Proto.Assignment {
        var assignment = Proto.Assignment(
            lease: 1, type: "dataset", location: location, bookmark: bookmark.map { $0[...] })
        for (key, value) in options { assignment.metadata["collect." + key] = value }
        return assignment
    }

    @Test("a file is collected row by row, from where the last collection ended, and on when it has grown")
    func file() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        let path = directory.write("id,t\n1,a\n2,b\n3,c\n", to: "d.csv")
        let first = await bench.collect(assignment(path, ["rows": "2", "text": "t", "id": "id"]))
        #expect(first.items.texts == ["a", "b"])
        #expect(first.items.artifacts.last?.metadata["item_id"] == "2")
        #expect(first.items.artifacts.last?.rawSource == "\(path)#row=2")
        let second = await bench.collect(assignment(path, ["text": "t"], bookmark: first.items.bookmark))
        #expect(second.items.texts == ["c"])
        #expect(second.items.artifacts.last?.metadata["row"] == "3")
        directory.write("id,t\n1,a\n2,b\n3,c\n4,d\n", to: "d.csv")
        let third = await bench.collect(assignment(path, ["text": "t"], bookmark: second.items.bookmark))
        #expect(third.items.texts == ["d"])
        let fourth = await bench.collect(assignment(path, bookmark: third.items.bookmark))
        #expect(fourth.items.artifacts.isEmpty)
        #expect(fourth.result == CollectionResult(.collected))
        let outside = await bench.collect(assignment("/etc/passwd", ["format": "csv"]))
        #expect(outside.result.kind == .failedNode)
        await bench.close()
        bench.loop.stop()
    }

    @Test("a data set that is cut goes on from its last note: no row twice, none left out")
    func cut() async throws {
        let directory = TemporaryDirectory()
        let bench = try Bench(roots: [directory.path])
        let padding = String(repeating: "x", count: 90)
        let path = directory.write(
            (1...12_000).map { "{\"n\":\($0),\"pad\":\"\(padding)\"}\n" }.joined(), to: "d.jsonl")
        let whole = await bench.collect(assignment(path))
        #expect(whole.items.artifacts.count == 12_000)
        let note = try #require(whole.items.firstIndex { if case .bookmark = $0 { true } else { false } })
        let before = Array(whole.items[...note])
        #expect((1..<12_000).contains(before.artifacts.count))
        let rest = await bench.collect(assignment(path, bookmark: before.bookmark))
        #expect((before + rest.items).texts == whole.items.texts)
        await bench.close()
        bench.loop.stop()
    }

    @Test("over HTTP the rest is asked for by range; a packed one is read anew and its rows passed over")
    func remote() async throws {
        let text = (1...5_000).map { "{\"n\":\($0)}\n" }.joined()
        var packed: [UInt8] = []
        Zstd().compress(Array(text.utf8)[...], into: &packed)
        let body = packed
        try await withSite { request in
            if request.path == "/d.jsonl.zst" { return .init(headers: ["ETag: \"z\""], body: body) }
            if let range = request.headers["range"], request.headers["if-range"] == "\"v\"" {
                let start = Int(range.dropFirst(6).dropLast()) ?? 0
                return .init(status: "206 Partial", body: Array(Array(text.utf8)[start...]))
            }
            return .init(headers: ["ETag: \"v\""], body: Array(text.utf8))
        } _: { bench, server in
            for path in ["/d.jsonl", "/d.jsonl.zst"] {
                let first = await bench.collect(assignment(server.url(path), ["rows": "3000"]))
                #expect(first.items.texts.last == "{\"n\":3000}")
                #expect(first.result.status == 200)
                let second = await bench.collect(assignment(server.url(path), bookmark: first.items.bookmark))
                #expect(second.items.texts.first == "{\"n\":3001}")
                #expect(second.items.texts.count == 2_000)
                #expect(second.items.artifacts.first?.rawSource == server.url(path) + "#row=3001")
            }
            #expect(await server.requests.filter { $0.headers["range"] != nil }.count == 1)
        }
    }

    @Test("rows that are not usable are counted in the outcome's words, and a location that tells no format is refused")
    func trouble() async throws {
        try await withSite { request in
            request.path == "/none.jsonl" ? .init(status: "404 Not Found") : .init(body: Array("1\nx\ny\n2\n".utf8))
        } _: { bench, server in
            let mixed = await bench.collect(assignment(server.url("/d.jsonl")))
            #expect(mixed.items.texts == ["1", "2"])
            #expect(
                mixed.result
                    == CollectionResult(
                        .collected, error: "2 rows were not usable; the first: row 2: it is no JSON", status: 200))
            #expect(
                await bench.collect(assignment(server.url("/d"))).result.error
                    == "the location does not tell its format; set collect.format to jsonl, csv or tsv")
            #expect(
                await bench.collect(assignment(server.url("/none.jsonl"))).result
                    == CollectionResult(
                        .failedTarget, error: "\(server.url("/none.jsonl")) answered 404", status: 404))
        }
    }
}
