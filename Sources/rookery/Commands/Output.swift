import Telemetry

/// How results are shown to machines and to people.
enum Output {
    static func json(_ members: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(pretty: true)
        writer.object(members)
        Terminal.out(writer.text + "\n")
    }

    static func size(_ bytes: UInt64) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<(1 << 20): "\(bytes >> 10) KiB"
        case ..<(1 << 30): "\(bytes >> 20) MiB"
        default: "\(bytes >> 30) GiB"
        }
    }

    /// Four digits after the point are enough for people.
    static func figure(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }

    static func duration(milliseconds: UInt64) -> String {
        switch milliseconds {
        case ..<1_000: "\(milliseconds) ms"
        case ..<60_000: "\(milliseconds / 1_000) s"
        case ..<3_600_000: "\(milliseconds / 60_000) min"
        default: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
        }
    }

    /// A text for one cell of a table: control characters must not reach the terminal.
    static func cell(_ text: String, width: Int = 60) -> String {
        let clean = String(
            String.UnicodeScalarView(text.unicodeScalars.map { Output.isHarmless($0) ? $0 : "?" }))
        return clean.count <= width ? clean : clean.prefix(width - 1) + "…"
    }

    /// Neither a control character, of ASCII or of the upper half, nor one that turns the direction of what follows.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
