import Fetching
import Model
import Transport

/// Asks the node with a data directory on this host what it is doing.
package enum StatusQuestion {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// JSON.
    package static func ask(directory: String) async throws -> String {
        guard let address = StatusServer.address(in: directory) else {
            throw Failure(
                description: "no node has run with the data directory \(directory); give --data of one that has")
        }
        let loop = try EventLoop(name: "status")
        defer { loop.stop() }
        let rules = AddressRules(allowed: ["0.0.0.0/0", "::/0"], hasContact: true)
        let fetcher = try Fetcher(on: loop, rules: rules, time: SystemTime())
        do {
            let request = FetchRequest(
                try Location("http://\(address)/status"), userAgent: "rookery", maxBytes: Limits.mebibyte,
                maxTime: .seconds(10))
            let response = try await fetcher.fetch(request)
            await fetcher.close()
            return String(decoding: response.body, as: UTF8.self)
        } catch {
            await fetcher.close()
            throw Failure(description: "the node with \(directory) does not answer; is it running? \(error)")
        }
    }
}
