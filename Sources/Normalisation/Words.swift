import CUTF8Proc

/// The words of a normal form: the longest runs of letters, marks and digits (Unicode's categories L, M and N). A text
/// in a script that puts no spaces between words is one long word between two stops.
package enum Words {
    /// Gives the words in order, until `body` answers false. `form` is well-formed UTF-8 in normal form.
    package static func each(
        _ form: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Bool
    ) {
        var place = 0
        var start = -1
        while place < form.count {
            let byte = form[place]
            let (belongs, length) =
                byte < 0x80 ? (isWordASCII(byte), 1) : foreign(form, at: place)
            if belongs {
                if start < 0 { start = place }
            } else if start >= 0 {
                guard body(UnsafeRawBufferPointer(rebasing: form[start..<place])) else { return }
                start = -1
            }
            place += length
        }
        if start >= 0 { _ = body(UnsafeRawBufferPointer(rebasing: form[start...])) }
    }

    /// In a normal form no ASCII capital is left, but ids of other origin may hold some.
    private static func isWordASCII(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte &- 0x41 < 26
    }

    private static func foreign(_ form: UnsafeRawBufferPointer, at place: Int) -> (Bool, Int) {
        var point: utf8proc_int32_t = 0
        let rest = form.baseAddress.map { ($0 + place).assumingMemoryBound(to: utf8proc_uint8_t.self) }
        let length = utf8proc_iterate(rest, form.count - place, &point)
        guard length > 0 else { return (false, 1) }
        let category = UInt32(bitPattern: Int32(utf8proc_category(point).rawValue))
        // LU, LL, LT, LM, LO, MN, MC, ME, ND, NL, NO are numbered 1 to 11.
        return (category >= 1 && category <= 11, length)
    }
}

extension Normaliser {
    /// Runs `body` on the normal form of a text, wherever it lies; nil when the text is not UTF-8.
    package func withForm<T>(of text: ArraySlice<UInt8>, _ body: (UnsafeRawBufferPointer) -> T) -> T? {
        text.withUnsafeBytes { bytes in
            switch normalise(bytes) {
            case .unchanged: body(bytes)
            case .changed: body(form)
            case .invalid: nil
            }
        }
    }
}
