package import Model

/// The bounds of one connection.
package struct ConnectionLimits: Sendable {
    /// Bytes after the length prefix, until the handler sets another limit.
    package var frame = Limits.maxFrameBeforeWelcome
    /// From a frame's first byte to its last.
    package var frameTimeout = Limits.frameTimeout
    /// Without any whole frame. A little longer than a session's patience, which is for the session to end with words.
    package var idleTimeout = Limits.idleTimeout + Limits.helloTimeout
    /// Bytes that may wait for a reader.
    package var output = Limits.maxOutputPerConnection
    /// How long a connection that ends may take to hand over what it still has to say.
    package var linger = Span.seconds(2)
    /// Bytes of the kernel's send buffer; nil leaves it to the kernel.
    package var kernelSendBuffer: Int?

    package init() {}
}
