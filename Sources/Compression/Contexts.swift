import CZstd
import Glibc

/// One thread's compressor, decompressor and scratch space. zstd's contexts are costly to make and belong to one thread
/// at a time; a thread's own need no lock, and its end frees them.
struct Contexts {
    let compressor: OpaquePointer
    let decompressor: OpaquePointer
    let scratch: Scratch

    /// Output before it is known how long it is; kept between calls up to a limit.
    final class Scratch {
        static let kept = 1 << 20  // bytes
        private var space = UnsafeMutableRawBufferPointer(start: nil, count: 0)

        func with<T>(_ count: Int, _ body: (UnsafeMutableRawBufferPointer) -> T) -> T {
            if space.count < count {
                space.deallocate()
                space = .allocate(byteCount: count, alignment: 16)
            }
            defer { if space.count > Scratch.kept { release() } }
            return body(space)
        }

        private func release() {
            space.deallocate()
            space = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }

        deinit { space.deallocate() }
    }

    /// What hangs on the thread.
    private final class Holder {
        let contexts: Contexts

        init() {
            guard let compressor = ZSTD_createCCtx(), let decompressor = ZSTD_createDCtx() else {
                preconditionFailure("no memory for a zstd context")
            }
            contexts = Contexts(compressor: compressor, decompressor: decompressor, scratch: Scratch())
        }

        deinit {
            ZSTD_freeCCtx(contexts.compressor)
            ZSTD_freeDCtx(contexts.decompressor)
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let made = pthread_key_create(&key) { held in
            if let held { Unmanaged<Holder>.fromOpaque(held).release() }
        }
        precondition(made == 0, "no thread-local key for zstd: error \(made)")
        return key
    }()

    static var ofThisThread: Contexts {
        if let held = pthread_getspecific(key) {
            return Unmanaged<Holder>.fromOpaque(held).takeUnretainedValue().contexts
        }
        let holder = Holder()
        pthread_setspecific(key, Unmanaged.passRetained(holder).toOpaque())
        return holder.contexts
    }
}
