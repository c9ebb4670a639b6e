import Model
import TestKit
import Testing

@testable import Node

@Suite("The collectors' settings")
struct SettingsTests {
    private func read(_ text: String) throws -> CollectorSettings {
        let directory = TemporaryDirectory()
        return try CollectorSettings(file: directory.write(text, to: "collectors.json"))
    }

    @Test("programs and secrets are read with their limits and hosts")
    func whole() throws {
        let settings = try read(
            """
            {"exec": {"p": {"program": "/bin/p", "arguments": ["-x"], "environment": {"A": "b"}, "directory": "/tmp",
              "time_s": 5, "cpu_s": 6, "memory_mib": 64, "output_mib": 2, "artifacts": 9}},
             "secrets": {"a": {"env": "TOKEN", "hosts": ["API.example"]},
              "b": {"file": "/run/key", "hosts": ["h"], "header": "X-Key", "allow_http": true}}}
            """)
        var program = CollectorSettings.Program(path: "/bin/p", arguments: ["-x"], environment: ["A": "b"])
        program.directory = "/tmp"
        program.limits.time = .seconds(5)
        (program.limits.cpuSeconds, program.limits.memory) = (6, 64 << 20)
        (program.limits.output, program.limits.artifacts) = (2 << 20, 9)
        #expect(settings.programs == ["p": program])
        #expect(settings.secrets["a"] == .init(place: .environment("TOKEN"), hosts: ["api.example"]))
        #expect(
            settings.secrets["b"]
                == .init(place: .file("/run/key"), hosts: ["h"], header: "X-Key", prefix: "", allowsHTTP: true))
    }

    @Test(
        "what is wrong is named with its place",
        arguments: [
            ("[]", "settings is no object; give {…}"),
            ("{\"exe\": {}}", "settings has a member \"exe\"; known are "),
            ("{\"exec\": []}", "settings.exec is not accepted; give an object of names"),
            (
                "{\"exec\": {\"p\": {\"program\": \"p\"}}}",
                "settings.exec.p.program is not accepted; give an absolute path"
            ),
            (
                "{\"exec\": {\"p\": {\"program\": \"/p\", \"time_s\": 0}}}",
                "settings.exec.p.time_s is not accepted; give 1 to 86400"
            ),
            (
                "{\"exec\": {\"p\": {\"program\": \"/p\", \"arguments\": [1]}}}",
                "settings.exec.p.arguments is not accepted; give a list of texts"
            ),
            (
                "{\"secrets\": {\"s\": {\"env\": \"A\"}}}",
                "settings.secrets.s.hosts is missing; name the hosts that may hear the secret"
            ),
            (
                "{\"secrets\": {\"s\": {\"hosts\": [\"h\"]}}}", "settings.secrets.s needs env or file, one of them"
            ),
            ("nonsense", "it is no JSON; see docs/COLLECTORS.md"),
        ])
    func wrong(text: String, words: String) throws {
        let directory = TemporaryDirectory()
        let path = directory.write(text, to: "collectors.json")
        do throws(NodeError) {
            _ = try CollectorSettings(file: path)
            Issue.record("\(text) was accepted")
        } catch {
            #expect(error.description.hasPrefix("the collectors' settings \(path): \(words)"))
        }
    }

    @Test("a secret in a file is read when it is needed, and is one line of text")
    func secretFile() throws {
        let directory = TemporaryDirectory()
        let path = directory.write(" key \n", to: "key")
        let secret = CollectorSettings.Secret(place: .file(path), hosts: ["h"])
        #expect(secret.value == "key")
        directory.write("other", to: "key")
        #expect(secret.value == "other")
        directory.write("", to: "key")
        #expect(secret.value == nil)
        #expect(CollectorSettings.Secret(place: .file("/no/such"), hosts: ["h"]).value == nil)
    }
}
