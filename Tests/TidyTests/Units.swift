/// Rules on the service units: hardened, and stopped in a way that drains.
enum Units {
    static let required = [
        "ExecStart=", "Restart=always", "RestartSec=", "KillSignal=SIGTERM", "TimeoutStopSec=", "StateDirectory=",
        "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes", "MemoryMax=", "LimitNOFILE=",
        "DynamicUser=yes",
    ]

    static func hardened(_ file: SourceFile) -> [Finding] {
        guard file.path.hasSuffix(".service") else { return [] }
        return required.filter { setting in !file.lines.contains { $0.hasPrefix(setting) } }
            .map { Finding(file.path, 1, "\($0) is missing; every unit of ours has it") }
    }
}
