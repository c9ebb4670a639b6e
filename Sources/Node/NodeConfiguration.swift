import Model
package import Transport

/// What an operator decides about a node.
package struct NodeConfiguration: Sendable {
    package var name: String
    package var hub: SocketAddress
    package var dataDirectory: String
    package var capacity = Limits.defaultCapacity
    package var labels: [String: String] = [:]
    /// Somebody to write to, shown to every site; without it only allowed private hosts are collected.
    package var contact: String?
    /// Host names, addresses and networks that may be private.
    package var allowPrivateHosts: [String] = []
    /// Directories below which files may be collected.
    package var allowedRoots: [String] = []
    /// Programs, notebooks, secrets and rules.
    package var settings = CollectorSettings()
    /// Where status and metrics are told.
    package var statusAddress = SocketAddress(host: "127.0.0.1", port: 0)
    package var spoolBytes = Limits.spoolBytes
    package var version = "0.0.0"

    package init(name: String, hub: SocketAddress, dataDirectory: String) {
        self.name = name
        self.hub = hub
        self.dataDirectory = dataDirectory
    }

    var userAgent: String {
        // A line break would start a header of the contact's own.
        let contact = (contact ?? "no contact").unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }
        return "Rookery/\(version) (+\(String(String.UnicodeScalarView(contact))))"
    }

    /// What could collect nothing is off: files without a root, exec without a program, …
    var kinds: [CollectorKind] {
        CollectorKind.allCases.filter { kind in
            switch kind {
            case .file: !allowedRoots.isEmpty
            case .exec: !settings.programs.isEmpty
            case .notebook: !settings.notebooks.isEmpty
            case .web, .crawl, .documentation, .feed, .api, .dataset: true
            }
        }
    }
}

/// Why a node cannot start, in words for the operator.
package enum NodeError: Error, Equatable, CustomStringConvertible {
    case badName(String)
    case badRoot(String)
    case badSettings(String, String)
    case noCapacity

    package var description: String {
        switch self {
        case .badName(let name):
            "the node name \"\(name.prefix(80))\" has \(name.utf8.count) bytes, or others than A-Z a-z 0-9 . _ -; "
                + "give --name 1 to \(Limits.maxNodeName) of these"
        case .badRoot(let path): "the root \(path) is not a directory that can be read; give --allow-root one that is"
        case .badSettings(let path, let reason): "the collectors' settings \(path): \(reason)"
        case .noCapacity: "a capacity of 0 would take no work; give --capacity 1 or more"
        }
    }
}
