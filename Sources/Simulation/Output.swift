import Glibc
import Model

/// How a run is told: to people as lines and a table, to programs as one JSON object a line.
enum Output {
    static func failure(_ report: RunReport, _ violation: Violation, bug: String?, isJSON: Bool) {
        if isJSON {
            print(
                "{\"seed\":\(report.seed),\"invariant\":\"\(violation.invariant.rawValue)\","
                    + "\"detail\":\"\(escaped(violation.detail))\",\"trace\":\"\(hex(report.traceHash))\"}")
        } else {
            print("seed \(report.seed) failed: \(violation)")
            let bug = bug.map { " --bug \($0)" } ?? ""
            print("  again: simulate --trace \(report.seed)\(bug)")
        }
        fflush(nil)
    }

    static func summary(_ total: Total, took span: Span, isJSON: Bool) {
        if isJSON {
            let coverage = Occurrence.allCases.map { "\"\($0.rawValue)\":\(total.coverage[$0])" }
            print(
                "{\"seeds\":\(total.seeds),\"failures\":\(total.failures),\"events\":\(total.events),"
                    + "\"trace\":\"\(hex(total.traceHash))\",\"milliseconds\":\(span.milliseconds),"
                    + "\"virtual_seconds\":\(UInt64(total.virtualSeconds)),\"coverage\":{"
                    + coverage.joined(separator: ",") + "}}")
            return
        }
        for occurrence in Occurrence.allCases {
            let count = String(total.coverage[occurrence])
            print(String(repeating: " ", count: max(0, 10 - count.count)) + count + "  " + occurrence.rawValue)
        }
        let rate = UInt64(Double(total.seeds) / max(0.001, span.seconds))
        print(
            "\(total.seeds) seeds, \(total.failures) failed, \(total.events) events, "
                + "\(UInt64(total.virtualSeconds / 3_600)) virtual hours in \(UInt64(span.seconds)) s "
                + "(\(rate) seeds/s), trace \(hex(total.traceHash))")
    }

    private static func hex(_ number: UInt64) -> String { String(number, radix: 16) }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            default: scalar.value < 32 ? " " : String(scalar)
            }
        }
        .joined()
    }
}
