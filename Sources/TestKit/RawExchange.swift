/// One blocking exchange with a port of this machine: sends the bytes, then reads until the peer closes. For what a
/// well-behaved client cannot say.
package func rawExchange(port: UInt16, sending bytes: [UInt8]) throws(BlockingSocket.Failure) -> [UInt8] {
    let socket = try BlockingSocket(port: port)
    guard socket.send(bytes) == bytes.count else { throw BlockingSocket.Failure(call: "send", code: 0) }
    return try socket.receiveToEnd()
}

package typealias RawExchangeError = BlockingSocket.Failure
