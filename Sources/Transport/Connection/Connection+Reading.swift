import Model
import Telemetry

extension Connection {
    /// One read for each readiness: the loop comes back for the rest, after the other connections have had their turn.
    func readable() {
        guard let socket else { return }
        let scratch = loop.scratch
        switch socket.receive(into: scratch) {
        case .bytes(let count):
            context.metrics.bytesIn.add(count)
            guard case .open = phase else { return }
            take(UnsafeBufferPointer(rebasing: scratch.bindMemory(to: UInt8.self)[..<count]))
        case .wouldBlock: break
        case .end:
            if case .finishing(let reason) = phase { close(reason) } else { close(.peerClosed) }
        case .failed(let code):
            if case .finishing(let reason) = phase { close(reason) } else { close(.failed(code: code)) }
        }
    }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        var rest = bytes
        var frames = 0
        let wasInside = assembler.isInsideFrame
        loop: while case .open = phase {
            switch assembler.next(from: &rest, limit: frameLimit) {
            case .frame(let body, let compressed):
                frames += 1
                deliver(body, compressed)
            case .needMore: break loop
            case .rejected(let reason): reject(reason)
            }
        }
        if frames > 0 { context.metrics.framesIn.add(frames) }
        if frames > 0 || !wasInside {
            let now = SystemTime().now()
            frameBegan = now
            if frames > 0 { lastFrame = now }
        }
        updateHeld()
    }

    private func deliver(_ body: [UInt8], _ compressed: Bool) {
        guard compressed else {
            handler?.received(body[...], on: self)
            return
        }
        guard let inflated = context.compressor.decompress(body[...], limit: frameLimit) else {
            return reject(.compression)
        }
        handler?.received(inflated[...], on: self)
    }

    private func reject(_ reason: FrameRejection) {
        handler?.rejected(reason, on: self)
        finish(.rejected(reason))
    }
}
