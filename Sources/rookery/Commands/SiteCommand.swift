import DemoSite
import Lifecycle
import Model
import Telemetry
import Transport

extension Command {
    static let site = Command(
        name: "site", summary: "serve a small web site with several host names, to try things on",
        flags: [
            Flag(name: "listen", value: "ADDR:PORT", help: "where to serve (default 127.0.0.1:7490; port 0 picks one)"),
            Flag(name: "list", help: "print the pages worth submitting as TYPE LOCATION, and do not serve"),
        ] + Serving.flags,
        examples: ["rookery site", "rookery site --list --listen 127.0.0.1:7490"],
        run: { arguments in
            let log = try Serving.logger(arguments)
            let address = try Serving.address(arguments, "listen", default: "127.0.0.1:7490")
            try Serving.checkExposure(address, arguments, log)
            if arguments.has("list") {
                for target in SiteContent.targets(port: address.port) {
                    Terminal.out("\(target.type) \(target.location)\n")
                }
                return ExitStatus.done
            }
            return try await Serving.run(until: log) { _ in SiteService(address: address) }
        })
}

/// The demo site as a service of its own.
private actor SiteService: Service {
    nonisolated let name = "site"
    private let address: SocketAddress
    private var running: (loop: EventLoop, site: DemoSite)?

    init(address: SocketAddress) { self.address = address }

    func start() async throws {
        let loop = try EventLoop(name: "site")
        let site = try DemoSite(loop: loop, address: address, clock: SystemTime())
        running = (loop, site)
        Terminal.out("listening on \(site.address)\n")
    }

    func stop() async {
        guard let (loop, site) = running else { return }
        await site.stop()
        loop.stop()
    }
}
