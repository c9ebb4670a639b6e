import Glibc
package import Model

/// Where one thread sleeps until another rings, or until a moment has come. A ring before the sleep is not lost.
///
/// The standard library has a mutex but nothing to wait on, hence POSIX's pair of mutex and condition on the heap.
package struct Doorbell: ~Copyable, Sendable {
    private struct Parts {
        var mutex = pthread_mutex_t()
        var condition = pthread_cond_t()
        var rung = false
    }

    // The address never changes; `rung` is touched under the mutex only.
    private nonisolated(unsafe) let parts: UnsafeMutablePointer<Parts>

    package init() {
        parts = .allocate(capacity: 1)
        parts.initialize(to: Parts())
        pthread_mutex_init(&parts.pointee.mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(&parts.pointee.condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(&parts.pointee.condition)
        pthread_mutex_destroy(&parts.pointee.mutex)
        parts.deallocate()
    }

    package borrowing func ring() {
        pthread_mutex_lock(&parts.pointee.mutex)
        parts.pointee.rung = true
        pthread_cond_signal(&parts.pointee.condition)
        pthread_mutex_unlock(&parts.pointee.mutex)
    }

    /// Returns once rung, or at the deadline. May return early; the caller looks again at what it waits for.
    package borrowing func sleep(until deadline: Instant?) {
        pthread_mutex_lock(&parts.pointee.mutex)
        if !parts.pointee.rung {
            if let deadline {
                var t = timespec(
                    tv_sec: Int(deadline.nanoseconds / 1_000_000_000),
                    tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
                pthread_cond_timedwait(&parts.pointee.condition, &parts.pointee.mutex, &t)
            } else {
                pthread_cond_wait(&parts.pointee.condition, &parts.pointee.mutex)
            }
        }
        parts.pointee.rung = false
        pthread_mutex_unlock(&parts.pointee.mutex)
    }
}
