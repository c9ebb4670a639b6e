package import Model

/// What a program may use before it is ended.
package struct ProgramLimits: Sendable, Equatable {
    package var time = Span.minutes(5)
    package var cpuSeconds = 300  // of each process
    package var memory = 1 << 30  // bytes of address space of each process
    package var output = 256 << 20  // bytes on standard output and standard error together
    package var artifacts = 100_000

    package init() {}

    static let line = 4 * Limits.mebibyte  // bytes: the largest artifact, escaped
    static let tail = 2 * Limits.kibibyte  // bytes of standard error that are kept
    static let grace = Span.seconds(2)  // between SIGTERM and SIGKILL
    static let look = Span.milliseconds(20)  // between two looks whether it has ended
    static let openFiles = 256
    static let slice = 64 * Limits.kibibyte  // bytes read at once
}
