/// Cuts a stream of bytes into frames, however the bytes arrive. Each frame is judged by its header before its body is
/// waited for, and its body is copied once, into an array of its own.
struct FrameAssembler {
    enum Step {
        case frame([UInt8], compressed: Bool)
        case needMore
        case rejected(FrameRejection)
    }

    private enum State {
        case header([UInt8])  // fewer than five bytes of it; to body when complete
        case body([UInt8], length: Int, compressed: Bool)  // fewer than `length` bytes; to header when complete
        case rejected(FrameRejection)  // for ever
    }

    static let headerSize = 5
    /// Memory is reserved in steps, so that a header alone cannot claim eight megabytes.
    private static let firstStep = 64 << 10

    private var state = State.header([])

    /// The memory that the unfinished frame takes.
    var heldBytes: Int {
        switch state {
        case .header, .rejected: 0
        case .body(let bytes, _, _): bytes.capacity
        }
    }

    /// Whether a frame has begun and not ended.
    var isInsideFrame: Bool {
        switch state {
        case .header(let bytes): !bytes.isEmpty
        case .body: true
        case .rejected: false
        }
    }

    /// Takes from the front of `input`; to be called until it needs more.
    mutating func next(from input: inout UnsafeBufferPointer<UInt8>, limit: Int) -> Step {
        switch state {
        case .header(let begun): header(begun, &input, limit)
        case .body(let begun, let length, let compressed): body(begun, length, compressed, &input)
        case .rejected(let reason): .rejected(reason)
        }
    }

    private mutating func header(_ begun: [UInt8], _ input: inout UnsafeBufferPointer<UInt8>, _ limit: Int) -> Step {
        if begun.isEmpty, input.count >= FrameAssembler.headerSize {
            let verdict = judgeHeader(input, limit: limit)
            input.drop(FrameAssembler.headerSize)
            return act(on: verdict, &input)
        }
        let header = begun + input.take(FrameAssembler.headerSize - begun.count)
        guard header.count == FrameAssembler.headerSize else {
            state = .header(header)
            return .needMore
        }
        return act(on: header.withUnsafeBufferPointer { judgeHeader($0, limit: limit) }, &input)
    }

    private mutating func act(on verdict: HeaderVerdict, _ input: inout UnsafeBufferPointer<UInt8>) -> Step {
        switch verdict {
        case .frame(let length, let compressed):
            guard input.count < length else {
                state = .header([])
                return .frame(Array(input.take(length)), compressed: compressed)
            }
            return body([], length, compressed, &input)
        case .reject(let reason):
            state = .rejected(reason)
            return .rejected(reason)
        }
    }

    private mutating func body(
        _ begun: consuming [UInt8], _ length: Int, _ compressed: Bool, _ input: inout UnsafeBufferPointer<UInt8>
    ) -> Step {
        // The state gives up its reference, so that appending does not copy.
        state = .header([])
        var bytes = begun
        let part = input.take(length - bytes.count)
        if bytes.capacity < bytes.count + part.count {
            bytes.reserveCapacity(min(length, max(FrameAssembler.firstStep, 4 * (bytes.count + part.count))))
        }
        bytes.append(contentsOf: part)
        guard bytes.count == length else {
            state = .body(bytes, length: length, compressed: compressed)
            return .needMore
        }
        return .frame(bytes, compressed: compressed)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate mutating func drop(_ n: Int) { self = UnsafeBufferPointer(rebasing: self[n...]) }

    /// At most the first `n`.
    fileprivate mutating func take(_ n: Int) -> UnsafeBufferPointer<UInt8> {
        let n = Swift.min(n, count)
        defer { drop(n) }
        return UnsafeBufferPointer(rebasing: self[..<n])
    }
}
