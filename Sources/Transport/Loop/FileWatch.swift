import CEvent

/// What a file descriptor is ready for, or watched for.
package struct Interest: OptionSet, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let read = Interest(rawValue: EV_READ)
    package static let write = Interest(rawValue: EV_WRITE)
}

/// Calls its handler on its loop for as long as the descriptor is ready; dropping it ends the watch, which must happen
/// before the descriptor is closed. Loop-confined.
package final class FileWatch {
    private let base: EventBase
    private let descriptor: Int32
    private let handler: (Interest) -> Void
    private var event: LoopEvent?
    package private(set) var interest: Interest = []

    init(base: EventBase, descriptor: Int32, handler: @escaping (Interest) -> Void) {
        self.base = base
        self.descriptor = descriptor
        self.handler = handler
    }

    /// An empty interest pauses the watch.
    package func update(_ interest: Interest) {
        guard interest != self.interest else { return }
        self.interest = interest
        event = nil
        guard !interest.isEmpty else { return }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let kind = interest.rawValue | EV_PERSIST
        let event = LoopEvent(base: base, descriptor: descriptor, kind: kind, context: context) { _, ready, context in
            guard let context else { return }
            let watch = Unmanaged<FileWatch>.fromOpaque(context).retain().takeRetainedValue()
            watch.handler(Interest(rawValue: Int32(ready) & (EV_READ | EV_WRITE)))
        }
        event.arm()
        self.event = event
    }

    package func cancel() { update([]) }
}
