import Model
import Telemetry
import Wire

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
        case .end: readEnded()
        case .failed(let code):
            if case .finishing(let reason) = phase { return close(reason) }
            close(.failed(SystemError(call: "recv", code: code)))
        }
    }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        var rest = bytes
        var frames = 0
        let wasInside = assembler.isInsideFrame
        loop: while case .open = phase {
            switch assembler.next(from: &rest, limit: frameLimit) {
            case .frame(let body, let isCompressed):
                frames += 1
                deliver(body, isCompressed)
            case .needMore: break loop
            case .reject(let fault): reject(fault)
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

    private func deliver(_ body: [UInt8], _ isCompressed: Bool) {
        do throws(FrameFault) {
            let payload = try Frame.payload(
                of: body[...], isCompressed: isCompressed, compressor: context.compressor, limit: frameLimit)
            handler?.received(payload, on: self)
        } catch {
            reject(error)
        }
    }

    func reject(_ fault: FrameFault) {
        handler?.rejected(fault, on: self)
        finish(.rejected(fault))
    }
}
