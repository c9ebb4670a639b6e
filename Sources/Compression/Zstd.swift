import CZstd
package import Model

/// zstd. It may be used on any thread: each has contexts of its own.
package struct Zstd: ByteCompressor {
    package let level: Int32

    /// Level 1 is zstd's fastest that still compresses well; 19 is its slowest.
    package init(level: Int32 = 1) { self.level = level }

    package func compress(_ input: Span8, into output: inout [UInt8]) {
        let contexts = Contexts.ofThisThread
        input.withUnsafeBytes { input in
            contexts.scratch.with(ZSTD_compressBound(input.count)) { space in
                let count = ZSTD_compressCCtx(
                    contexts.compressor, space.baseAddress, space.count, input.baseAddress, input.count, level)
                output.append(contentsOf: Zstd.written(count, in: space))
            }
        }
    }

    /// Appends one frame that holds the pieces one after the other, without joining them first.
    package func compress(pieces: [Span8], into output: inout [UInt8]) {
        let contexts = Contexts.ofThisThread
        let context = contexts.compressor
        let total = pieces.reduce(0) { $0 + $1.count }
        ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters)
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setPledgedSrcSize(context, UInt64(total))
        contexts.scratch.with(ZSTD_compressBound(total)) { space in
            var written = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
            for piece in pieces { Zstd.feed(piece, to: context, into: &written, ZSTD_e_continue) }
            Zstd.feed([], to: context, into: &written, ZSTD_e_end)
            output.append(contentsOf: Zstd.written(written.pos, in: space))
        }
    }

    /// Nil unless the input is exactly one whole frame whose content has at most `limit` bytes. What a frame says of
    /// its size is believed only up to `limit`; one that says nothing gets what its blocks could hold, up to `limit`.
    package func decompress(_ input: Span8, limit: Int) -> [UInt8]? {
        input.withUnsafeBytes { input in
            guard let room = Zstd.room(for: input, limit: limit) else { return nil }
            let decompressor = Contexts.ofThisThread.decompressor
            var intact = false
            let content = [UInt8](unsafeUninitializedCapacity: room) { space, count in
                let size = ZSTD_decompressDCtx(
                    decompressor, space.baseAddress, room, input.baseAddress, input.count)
                intact = ZSTD_isError(size) == 0
                count = intact ? size : 0
            }
            guard intact else { return nil }
            // A copy of the whole slice would share the storage.
            return content.count < room / 2 ? content.withUnsafeBytes { [UInt8]($0) } : content
        }
    }

    /// Bytes to set aside for the one frame in the input; nil if it is not one, or holds too much.
    private static func room(for input: UnsafeRawBufferPointer, limit: Int) -> Int? {
        // A skippable frame is no frame of content.
        guard limit >= 0, input.count >= 4,
            input.loadUnaligned(as: UInt32.self).littleEndian == ZSTD_MAGICNUMBER,
            ZSTD_findFrameCompressedSize(input.baseAddress, input.count) == input.count
        else { return nil }
        let declared = ZSTD_getFrameContentSize(input.baseAddress, input.count)
        switch declared {
        case UInt64.max - 1: return nil  // ZSTD_CONTENTSIZE_ERROR
        case UInt64.max:  // ZSTD_CONTENTSIZE_UNKNOWN
            return Int(min(ZSTD_decompressBound(input.baseAddress, input.count), UInt64(limit)))
        default: return declared <= UInt64(limit) ? Int(declared) : nil
        }
    }

    private static func feed(
        _ piece: Span8, to context: OpaquePointer, into output: inout ZSTD_outBuffer, _ end: ZSTD_EndDirective
    ) {
        piece.withUnsafeBytes { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var left = 0
            repeat {
                left = ZSTD_compressStream2(context, &output, &input, end)
                checked(left)
            } while input.pos < input.size || (end == ZSTD_e_end && left > 0)
        }
    }

    private static func written(_ count: Int, in space: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer {
        checked(count)
        return UnsafeRawBufferPointer(rebasing: space[..<count])
    }

    /// Compression into enough space fails only without memory, which no process here survives.
    private static func checked(_ result: Int) {
        guard ZSTD_isError(result) != 0 else { return }
        preconditionFailure("zstd could not compress: \(String(cString: ZSTD_getErrorName(result)))")
    }
}
