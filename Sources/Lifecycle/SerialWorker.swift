/// One thread that runs what it is given in the order given: an executor for actors and for plain jobs alike.
package protocol SerialWorker: SerialExecutor {
    /// Runs `job` on the thread, after everything given before it. False when the thread no longer takes jobs; the
    /// job is then dropped.
    @discardableResult
    func execute(_ job: @escaping @Sendable () -> Void) -> Bool

    /// Whether the caller runs on this thread.
    var isCurrent: Bool { get }
}

/// What a serial worker runs: a closure, or a partial task of an actor.
package enum Job: Sendable {
    case closure(@Sendable () -> Void)
    case actor(UnownedJob)
}
