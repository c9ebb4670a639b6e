import FuzzKit

/// libFuzzer's way in; `scripts/fuzz` builds and runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    Exercise.envelope(input[...])
    Exercise.stream(input[...], chunk: 1 + count % 97)
    Exercise.document(input, chunk: 1 + count % 61)
    return 0
}
