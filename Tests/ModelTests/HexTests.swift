import Model
import Testing

@Suite struct HexTests {
    @Test func `bytes come back from their digits, and what is no pair of digits is refused`() {
        let every = (0...255).map { UInt8($0) }
        #expect(Hex.bytes(Hex.text(every)) == every)
        #expect(Hex.text([0x0A, 0xF0]) == "0af0")
        #expect(Hex.bytes("0AF0") == [0x0A, 0xF0])
        #expect(Hex.bytes("") == [])
        #expect(Hex.bytes("abc") == nil && Hex.bytes("0x") == nil && Hex.bytes("g0") == nil)
    }
}
