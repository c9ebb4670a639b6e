import Glibc
import Model
import Synchronization

/// Writes each entry as one line with one system call, so that lines of several threads do not mix. A line that cannot
/// be written is counted and dropped: logging never stops the work.
package final class DescriptorSink: LogSink {
    package let format: LogFormat
    private let descriptor: Int32
    private let lost = Counter()

    /// The descriptor stays the caller's; standard error unless given.
    package init(format: LogFormat = .text, descriptor: Int32 = STDERR_FILENO) {
        self.format = format
        self.descriptor = descriptor
    }

    package var dropped: UInt64 { lost.value }

    package func write(_ entry: LogEntry) {
        let line = format.line(entry)
        if Glibc.write(descriptor, line, line.count) != line.count { lost.add() }
    }
}

/// Keeps entries for a test to look at.
package final class LogCapture: LogSink {
    private let kept = Mutex<[LogEntry]>([])

    package init() {}

    package func write(_ entry: LogEntry) { kept.withLock { $0.append(entry) } }

    package var entries: [LogEntry] { kept.withLock { $0 } }

    /// "level message key=value …", without the time.
    package var lines: [String] {
        entries.map { entry in
            let line = String(decoding: LogFormat.text.line(entry).dropLast(), as: UTF8.self)
            let (level, message) = (entry.level.name, entry.message.description)
            let pairs = line.dropFirst(33 + message.utf8.count)
            return "\(level) \(message)\(pairs)"
        }
    }
}

/// For what logs and has nobody to listen.
package struct NoSink: LogSink {
    package init() {}
    package func write(_ entry: LogEntry) {}
}

extension Logger {
    /// A logger that writes nothing.
    package static var none: Logger { Logger(level: .error, sink: NoSink(), time: SystemTime()) }
}
