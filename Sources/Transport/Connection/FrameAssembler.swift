import Wire

/// Cuts a stream of bytes into frames, however the bytes arrive. Each frame is judged by its header before its body is
/// waited for, and its body is copied once, out of the loop's read buffer into an array of its own.
struct FrameAssembler {
    enum Step {
        case frame([UInt8], isCompressed: Bool)
        case needMore
        case reject(FrameFault)
    }

    private enum State {
        case header  // to body, when it is complete and the body is not there yet; to rejected
        case body([UInt8], FrameHeader)  // fewer bytes than the header says; to header when complete
        case rejected(FrameFault)  // for ever
    }

    /// Memory is reserved in steps, so that a header alone cannot claim eight megabytes.
    private static let firstStep = 64 << 10

    private var state = State.header
    /// What has come of a header. Kept between frames, so that a header costs no allocation.
    private var header: [UInt8] = []

    /// The memory that the unfinished frame takes.
    var heldBytes: Int {
        switch state {
        case .header, .rejected: 0
        case .body(let bytes, _): bytes.capacity
        }
    }

    /// Whether a frame has begun and not ended.
    var isInsideFrame: Bool {
        switch state {
        case .header: !header.isEmpty
        case .body: true
        case .rejected: false
        }
    }

    /// Takes from the front of `input`; to be called until it needs more.
    mutating func next(from input: inout UnsafeBufferPointer<UInt8>, limit: Int) -> Step {
        switch state {
        case .header: return beginFrame(&input, limit)
        case .body(let begun, let header): return continueBody(begun, header, &input)
        case .rejected(let fault): return .reject(fault)
        }
    }

    private mutating func beginFrame(_ input: inout UnsafeBufferPointer<UInt8>, _ limit: Int) -> Step {
        header.append(contentsOf: input.take(FrameHeader.size - header.count))
        switch FrameHeader.judge(header[...], limit: limit) {
        case .needMore: return .needMore
        case .reject(let fault):
            state = .rejected(fault)
            return .reject(fault)
        case .frame(let judged):
            header.removeAll(keepingCapacity: true)
            guard input.count < judged.bodyLength else {
                return .frame(Array(input.take(judged.bodyLength)), isCompressed: judged.isCompressed)
            }
            return continueBody([], judged, &input)
        }
    }

    private mutating func continueBody(
        _ begun: consuming [UInt8], _ header: FrameHeader, _ input: inout UnsafeBufferPointer<UInt8>
    ) -> Step {
        // The state gives up its reference, so that appending does not copy.
        state = .header
        var bytes = begun
        let part = input.take(header.bodyLength - bytes.count)
        let needed = bytes.count + part.count
        if bytes.capacity < needed {
            bytes.reserveCapacity(min(header.bodyLength, max(FrameAssembler.firstStep, 4 * needed)))
        }
        bytes.append(contentsOf: part)
        guard bytes.count == header.bodyLength else {
            state = .body(bytes, header)
            return .needMore
        }
        return .frame(bytes, isCompressed: header.isCompressed)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Takes at most `n` bytes off the front.
    fileprivate mutating func take(_ n: Int) -> UnsafeBufferPointer<UInt8> {
        let n = Swift.min(n, count)
        defer { self = UnsafeBufferPointer(rebasing: self[n...]) }
        return UnsafeBufferPointer(rebasing: self[..<n])
    }
}
