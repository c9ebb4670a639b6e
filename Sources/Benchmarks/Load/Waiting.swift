import Model
import Transport

/// Lets a span of time pass, by a timer on a loop of its own.
enum Waiting {
    static func pass(_ span: Span) async throws {
        let loop = try EventLoop(name: "waiting")
        await withCheckedContinuation { continuation in
            loop.execute { Timer.start(on: loop, after: span) { continuation.resume() } }
        }
        loop.stop()
    }

    /// Keeps its loop's timer alive until it has fired.
    private final class Timer {
        private var timer: LoopTimer?

        static func start(on loop: EventLoop, after span: Span, _ body: @escaping () -> Void) {
            let holder = Timer()
            holder.timer = loop.schedule(after: span) {
                holder.timer = nil
                body()
            }
        }
    }
}
