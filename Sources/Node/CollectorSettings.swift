import Fetching
import Glibc
import Model
import Telemetry
import Wire

/// What only the node's operator can give to collectors: programs, notebooks, secrets, rules. One JSON file.
package struct CollectorSettings: Sendable, Equatable {
    /// A program that exec targets may name.
    package struct Program: Sendable, Equatable {
        package var path: String
        package var arguments: [String] = []
        package var environment: [String: String] = [:]
        package var directory: String?
        package var limits = ProgramLimits()
    }

    /// A notebook that targets may name, and where the tools are that run it.
    package struct Notebook: Sendable, Equatable {
        package var path: String
        package var papermill = "/usr/bin/papermill"
        package var jupytext = "/usr/bin/jupytext"
        /// Nil: the notebook's own.
        package var kernel: String?
        package var environment: [String: String] = [:]
        package var limits = ProgramLimits()
    }

    /// Where a secret is read when it is needed, and who may be told it.
    package struct Secret: Sendable, Equatable {
        package enum Place: Sendable, Equatable {
            case environment(String)
            case file(String)
        }

        package var place: Place
        package var hosts: [String]
        package var header = "Authorization"
        package var prefix = "Bearer "
        /// Also over plain HTTP, where anybody on the way can read it.
        package var allowsHTTP = false
    }

    package var programs: [String: Program] = [:]
    package var notebooks: [String: Notebook] = [:]
    package var secrets: [String: Secret] = [:]
    /// What sets scores, in order.
    var rules = ScoreRules()

    package init() {}

    private static let mostBytes = Limits.mebibyte

    package init(file path: String) throws(NodeError) {
        guard let bytes = CollectorSettings.read(path, CollectorSettings.mostBytes) else {
            throw .badSettings(path, "it cannot be read, or has more than \(CollectorSettings.mostBytes) bytes")
        }
        guard let value = JSONValue(bytes) else { throw .badSettings(path, "it is no JSON; see docs/COLLECTORS.md") }
        do throws(SettingsReader.Failure) {
            try self.init(value)
        } catch {
            throw .badSettings(path, error.words)
        }
    }

    static func read(_ path: String, _ limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var slice = [UInt8](repeating: 0, count: 64 * Limits.kibibyte)
        while true {
            let count = Glibc.read(descriptor, &slice, slice.count)
            guard count >= 0, bytes.count + count <= limit else { return nil }
            if count == 0 { return bytes }
            bytes += slice[..<count]
        }
    }

    // MARK: Secrets

    /// The header line that tells a secret to its host. A target names the secret; only this file says who hears it.
    func secret(_ name: String, for location: Location) throws(CollectionFailure) -> (name: String, value: String) {
        guard let secret = secrets[name] else {
            throw CollectionFailure(
                .failedNode, "this node has no secret \"\(name.prefix(utf8: 64))\"; name it in --collectors FILE")
        }
        guard secret.hosts.contains(location.host) else {
            throw CollectionFailure(
                .failedNode, "the secret \"\(name)\" is not for \(location.host); its hosts stand in --collectors FILE")
        }
        guard location.scheme == "https" || secret.allowsHTTP else {
            throw CollectionFailure(
                .failedNode, "the secret \"\(name)\" is not sent over plain HTTP; collect over https, or set allow_http"
            )
        }
        guard let value = secret.value else {
            throw CollectionFailure(.failedNode, "the secret \"\(name)\" is not where --collectors FILE says")
        }
        return (secret.header, secret.prefix + value)
    }
}

extension CollectorSettings.Secret {
    /// Read anew each time, so that it can be changed while the node runs. Nil when it is not there or is no text of
    /// one line.
    var value: String? {
        let bytes: [UInt8]?
        switch place {
        case .environment(let name): bytes = getenv(name).map { Array(String(cString: $0).utf8) }
        case .file(let path): bytes = CollectorSettings.read(path, 8 * Limits.kibibyte)
        }
        guard let bytes, let text = String(validating: bytes, as: UTF8.self)?.trimmed, !text.isEmpty else { return nil }
        return text.utf8.allSatisfy { $0 >= 32 && $0 != 127 } ? text : nil
    }
}
