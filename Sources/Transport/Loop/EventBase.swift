import CEvent
import Glibc

/// Owns one libevent base. Not for sharing: its loop's thread alone calls into it, so libevent needs no locks.
final class EventBase {
    let pointer: OpaquePointer

    init() {
        let settings = event_config_new()
        defer { if let settings { event_config_free(settings) } }
        // A time kept from the beginning of a turn would let a timer that is armed late in it fire early, and the usual
        // clock, which is a tick behind at times, early or (with a tick added) late.
        for flag in [EVENT_BASE_FLAG_NO_CACHE_TIME, EVENT_BASE_FLAG_PRECISE_TIMER] {
            if let settings { event_config_set_flag(settings, Int32(flag.rawValue)) }
        }
        // Fails only without memory or descriptors for epoll; there is no service without it.
        guard let settings, let pointer = event_base_new_with_config(settings) else {
            fatalError("cannot create an event loop: out of descriptors")
        }
        self.pointer = pointer
    }

    deinit { event_base_free(pointer) }

    /// Waits for events (unless `polling`) and runs their callbacks once.
    func turn(polling: Bool) {
        event_base_loop(pointer, polling ? EVLOOP_ONCE | EVLOOP_NONBLOCK : EVLOOP_ONCE)
    }
}

/// Owns one libevent event; dropping it disarms it. Loop-confined.
final class LoopEvent {
    private let base: EventBase
    private let pointer: OpaquePointer

    init(
        base: EventBase, descriptor: Int32, kind: Int32, context: UnsafeMutableRawPointer,
        callback: @escaping event_callback_fn
    ) {
        guard let pointer = event_new(base.pointer, descriptor, Int16(kind), callback, context) else {
            fatalError("cannot create an event: out of memory")
        }
        self.base = base
        self.pointer = pointer
    }

    deinit { event_free(pointer) }

    func arm() { event_add(pointer, nil) }

    func arm(after nanoseconds: UInt64) {
        // It counts microseconds; rounding up never fires early.
        let microseconds = Int((nanoseconds &+ 999) / 1_000)
        var t = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
        event_add(pointer, &t)
    }

    func disarm() { event_del(pointer) }
}
