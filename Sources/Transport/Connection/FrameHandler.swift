package import Model
package import Wire

/// What is done with one connection's frames. Each connection has its own; it lives on the connection's loop and is
/// called there only, so that everything for a frame happens at once: no task, no hop, no lock.
package protocol FrameHandler: AnyObject {
    /// First of all calls; the handler may keep the connection and send.
    func opened(_ connection: isolated Connection)
    /// One frame's payload, inflated, in an array that nobody else holds.
    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection)
    /// What came is no frame. The last chance to send an Error; the connection then ends by itself.
    func rejected(_ fault: FrameFault, on connection: isolated Connection)
    /// The moment asked for with `wake(at:)` has come.
    func woken(now: Instant, on connection: isolated Connection)
    /// Last of all calls, at the end of the turn in which the connection ended.
    func closed(_ reason: CloseReason, on connection: isolated Connection)
}

extension FrameHandler {
    package func opened(_ connection: isolated Connection) {}
    package func rejected(_ fault: FrameFault, on connection: isolated Connection) {}
    package func woken(now: Instant, on connection: isolated Connection) {}
}

/// Makes the handler of a connection; called on the connection's loop.
package typealias FrameHandlerFactory = @Sendable () -> any FrameHandler
