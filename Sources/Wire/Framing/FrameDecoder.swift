package import Model

/// Cuts a stream of bytes into payloads, however the bytes arrive. For peers without an event loop's buffers:
/// simulation, fuzzing, tests. It holds no more than what was pushed and not yet taken.
package struct FrameDecoder: Sendable {
    /// The receiver's max_frame; it may change between two frames.
    package var limit: Int
    private let compressor: (any ByteCompressor)?
    private var buffer: [UInt8] = []
    private var start = 0
    private var fault: FrameFault?

    package init(limit: Int = Limits.maxFrameBeforeWelcome, compressor: (any ByteCompressor)? = nil) {
        self.limit = limit
        self.compressor = compressor
    }

    /// Bytes pushed and not yet given as payloads.
    package var held: Int { buffer.count - start }

    /// Bytes that come after a fault are dropped: there is no telling what they are.
    package mutating func push(_ chunk: ArraySlice<UInt8>) {
        guard fault == nil else { return }
        if start > buffer.count / 2 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += chunk
    }

    /// The next payload, or nil until more is pushed. What is invalid stays invalid.
    package mutating func next() throws(FrameFault) -> ArraySlice<UInt8>? {
        if let fault { throw fault }
        do throws(FrameFault) {
            return try cut()
        } catch {
            fault = error
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func cut() throws(FrameFault) -> ArraySlice<UInt8>? {
        switch FrameHeader.judge(buffer[start...], limit: limit) {
        case .needMore: return nil
        case .reject(let fault): throw fault
        case .frame(let header):
            let body = start + FrameHeader.size
            let end = body + header.bodyLength
            guard buffer.count >= end else { return nil }
            start = end
            return try Frame.payload(
                of: Array(buffer[body..<end])[...], isCompressed: header.isCompressed, compressor: compressor,
                limit: limit)
        }
    }
}
