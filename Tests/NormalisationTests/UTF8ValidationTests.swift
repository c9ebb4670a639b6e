import Testing

@testable import Normalisation

@Suite struct UTF8ValidationTests {
    @Test func everyCharacterIsWellFormedAlone() {
        for value in (0...0x10FFFF as ClosedRange<UInt32>) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            guard firstInvalidUTF8(bytes[...]) != nil else { continue }
            Issue.record("U+\(String(value, radix: 16)) is well-formed")
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE1, 0x80],
            [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xF1, 0x80, 0x80, 0x41],
        ] as [[UInt8]]) func theFirstBadByteIsFoundWhereverItLies(bad: [UInt8])
    {
        for before in [0, 1, 15, 16, 17, 40] {
            for after in [0, 1, 40] {
                let text = [UInt8](repeating: 97, count: before) + bad + [UInt8](repeating: 97, count: after)
                #expect(firstInvalidUTF8(text[...]) == before)
                let foreign = Array("ж日🏴".utf8) + text
                #expect(firstInvalidUTF8(foreign[...]) == before + 9)
            }
        }
        #expect(firstInvalidUTF8([UInt8](repeating: 97, count: 100)[...]) == nil)
        #expect(firstInvalidUTF8([]) == nil)
    }
}
