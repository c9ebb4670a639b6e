/// Writes Swift messages from a descriptor set:
/// `protoc --include_source_info --descriptor_set_out=/dev/stdout x.proto | wiregen --package x.v1=X OUTPUT_DIRECTORY`
@main
enum WireGen {
    static func main() {
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            let set = try FileSet(decoding: try readAll(options.input))
            for file in set.files {
                for output in try SwiftFiles(file, options).rendered() {
                    try save(output.text, to: "\(options.output)/\(output.name)")
                }
            }
        } catch let failure as Failure {
            complain("wiregen: \(failure.sentence)")
        } catch {
            complain("wiregen: the input is no descriptor set: \(error)")
        }
    }
}

struct Failure: Error {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}

/// What the command line asked for.
struct Options {
    /// The Swift namespace of each protobuf package, by package name with a leading dot.
    private(set) var namespaces: [String: String] = [:]
    /// The module to import, for files generated outside of Wire.
    private(set) var importsWire = false
    private(set) var input = "/dev/stdin"
    private(set) var output = ""

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let argument = rest.popFirst() {
            switch argument {
            case "--package":
                let parts = (rest.popFirst() ?? "").split(separator: "=")
                guard parts.count == 2 else { throw Failure("--package wants NAME=Namespace, as rookery.v1=Proto") }
                namespaces["." + parts[0]] = String(parts[1])
            case "--import-wire": importsWire = true
            case "--input": input = rest.popFirst() ?? ""
            default:
                guard output.isEmpty, !argument.hasPrefix("-") else { throw Failure("unknown argument \(argument)") }
                output = argument
            }
        }
        guard !output.isEmpty, !namespaces.isEmpty else {
            throw Failure("use: wiregen --package NAME=Namespace [--import-wire] [--input FILE] OUTPUT_DIRECTORY")
        }
    }
}
