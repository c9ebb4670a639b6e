import CEvent
package import Model

/// Runs its handler on its loop once per arming; dropping it cancels it. Loop-confined.
package final class LoopTimer {
    private let handler: () -> Void
    private var event: LoopEvent?

    init(base: EventBase, handler: @escaping () -> Void) {
        self.handler = handler
        let context = Unmanaged.passUnretained(self).toOpaque()
        event = LoopEvent(base: base, descriptor: -1, kind: 0, context: context) { _, _, context in
            guard let context else { return }
            // Retained for the call: the handler may drop the timer.
            let timer = Unmanaged<LoopTimer>.fromOpaque(context).retain()
            timer.takeRetainedValue().handler()
        }
    }

    /// Replaces an earlier arming that has not fired.
    package func arm(after span: Span) { event?.arm(after: span.nanoseconds) }

    package func cancel() { event?.disarm() }
}
