/// Lays the types of one .proto file out over Swift files: a new one at each `// ---- heading ----`, and where a file
/// would grow long.
struct SwiftFiles {
    struct Output {
        let name: String
        let text: String
    }

    private enum Declaration {
        case message(MessageCode)
        case enumeration(EnumCode)
    }

    private static let linesPerFile = 330
    private let file: ProtoFile
    private let options: Options
    private let namespace: String

    init(_ file: ProtoFile, _ options: Options) throws {
        guard file.syntax == "proto3" else { throw Failure("\(file.name) must begin with syntax = \"proto3\"") }
        guard file.services == 0 else { throw Failure("\(file.name) has services; only messages become Swift") }
        guard let namespace = options.namespaces["." + file.package] else {
            throw Failure("no namespace for package \(file.package); give --package \(file.package)=Namespace")
        }
        self.file = file
        self.options = options
        self.namespace = namespace
    }

    func rendered() throws -> [Output] {
        let resolver = Resolver(file: file, namespaces: options.namespaces)
        var declarations: [(line: Int32, section: String?, code: Declaration)] = []
        for (index, type) in file.messages.enumerated() {
            let path: [Int32] = [4, Int32(index)]
            let place = file.places[path]
            let code = Declaration.message(try resolver.message(type, path))
            declarations.append((place?.line ?? 0, section(place), code))
        }
        for (index, type) in file.enums.enumerated() {
            let path: [Int32] = [5, Int32(index)]
            let place = file.places[path]
            let code = Declaration.enumeration(resolver.enumeration(type, path))
            declarations.append((place?.line ?? 0, section(place), code))
        }
        declarations.sort { $0.line < $1.line }
        return lay(declarations.map { ($0.section, $0.code) })
    }

    private func section(_ place: Place?) -> String? {
        let headings = place?.detached.compactMap { comment -> String? in
            let words = comment.split { $0 == " " || $0 == "\n" }
            guard words.count > 2, words.first == "----", words.last == "----" else { return nil }
            return words.dropFirst().dropLast().map(Names.capital).joined()
        }
        return headings?.last
    }

    private func lay(_ declarations: [(section: String?, code: Declaration)]) -> [Output] {
        var outputs: [Output] = []
        var section = ""
        var part = 1
        var lines = Lines()

        func close() {
            guard lines.count > 0 else { return }
            let name = [namespace, section, part > 1 ? String(part) : ""].filter { !$0.isEmpty }.joined(separator: "+")
            outputs.append(Output(name: name + ".swift", text: head(isFirst: outputs.isEmpty) + lines.text))
            lines = Lines()
        }
        for (heading, code) in declarations {
            if let heading, heading != section {
                close()
                section = heading
                part = 1
            } else if lines.count > SwiftFiles.linesPerFile {
                close()
                part += 1
            }
            lines.add("")
            lines.block("extension \(namespace)") { lines in
                switch code {
                case .message(let message): message.write(to: &lines)
                case .enumeration(let enumeration): enumeration.write(to: &lines)
                }
            }
        }
        close()
        return outputs
    }

    private func head(isFirst: Bool) -> String {
        let base = file.name.split(separator: "/").last.map(String.init) ?? file.name
        var text = "// swift-format-ignore-file\n// Generated from \(base) by scripts/generate; edit that instead.\n"
        if options.importsWire { text += "\npackage import Wire\n" }
        if isFirst { text += "\n/// The messages of \(base).\npackage enum \(namespace) {}\n" }
        return text
    }
}
