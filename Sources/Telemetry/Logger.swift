package import Model

/// Where log entries go.
package protocol LogSink: Sendable {
    func write(_ entry: LogEntry)
}

/// Writes entries of at least `level`, each with this logger's own pairs first. A value: copies with more pairs are
/// cheap.
package struct Logger: Sendable {
    package typealias Metadata = KeyValuePairs<String, LogValue>

    package var level: LogLevel
    private let sink: any LogSink
    private let time: any TimeSource
    private var own: [LogEntry.Pair] = []

    package init(level: LogLevel = .info, sink: any LogSink, time: any TimeSource) {
        self.level = level
        self.sink = sink
        self.time = time
    }

    /// The same logger, with these pairs in every entry.
    package func with(_ metadata: Metadata) -> Logger {
        var copy = self
        copy.own += metadata.map { ($0.key, $0.value) }
        return copy
    }

    /// The message is constant and lower case; what varies is in the pairs, which are only made when they are written.
    package func log(_ level: LogLevel, _ message: StaticString, _ metadata: @autoclosure () -> Metadata = [:]) {
        guard level >= self.level else { return }
        sink.write(
            LogEntry(
                time: time.wall(), level: level, message: message,
                metadata: own + metadata().map { ($0.key, $0.value) }))
    }

    package func debug(_ message: StaticString, _ metadata: @autoclosure () -> Metadata = [:]) {
        log(.debug, message, metadata())
    }

    package func info(_ message: StaticString, _ metadata: @autoclosure () -> Metadata = [:]) {
        log(.info, message, metadata())
    }

    package func warning(_ message: StaticString, _ metadata: @autoclosure () -> Metadata = [:]) {
        log(.warning, message, metadata())
    }

    package func error(_ message: StaticString, _ metadata: @autoclosure () -> Metadata = [:]) {
        log(.error, message, metadata())
    }
}
