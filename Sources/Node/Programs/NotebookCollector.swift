import Fetching
import Glibc
import Lifecycle
import Model
import Telemetry
import Wire

/// A notebook named in the node's settings, run by papermill with the target's parameters: the executed notebook and
/// its scraps.
final class NotebookCollector: Collector {
    private enum Stage {
        case unopened  // to converting or running
        case converting(Program)  // to running; of a notebook kept as Python
        case running(Program)  // to done, with what was found
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var stage = Stage.unopened
    private var directory: OwnDirectory?
    private var notebook: CollectorSettings.Notebook?
    private(set) var result = CollectionResult(.collected)

    static let mostBytes = 32 * Limits.mebibyte  // of an executed notebook
    private static let parameter = "parameter."

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            try open()
            return []
        case .converting(let program):
            try await finish(program, "jupytext")
            stage = .running(try run())
            return []
        case .running(let program):
            try await finish(program, "papermill")
            stage = .done
            return try await found()
        case .done: return nil
        }
    }

    nonisolated(nonsending) func close() async {
        switch stage {
        case .converting(let program), .running(let program): await program.stop()
        case .unopened, .done: break
        }
    }

    // MARK: Running

    private func open() throws(CollectionFailure) {
        let name = assignment.location
        guard let notebook = tools.settings.notebooks[name] else {
            throw CollectionFailure(
                .failedNode, "this node has no notebook \"\(name.prefix(utf8: 64))\"; name it in --collectors FILE")
        }
        self.notebook = notebook
        guard let directory = OwnDirectory(name: "rookery-run") else {
            throw CollectionFailure(.failedNode, "no working directory for the notebook \(name) could be made")
        }
        self.directory = directory
        guard notebook.path.hasSuffix(".py") else {
            stage = .running(try run())
            return
        }
        let words = ["--quiet", "--to", "notebook", "--output", directory.file("in.ipynb"), notebook.path]
        stage = .converting(try program(notebook.jupytext, words, "jupytext"))
    }

    private func run() throws(CollectionFailure) -> Program {
        guard let notebook, let directory else { preconditionFailure("run before it was opened") }
        let source = notebook.path.hasSuffix(".py") ? directory.file("in.ipynb") : notebook.path
        var words = [source, directory.file("out.ipynb"), "--no-progress-bar"]
        // What is kept as Python names neither kernel nor language.
        if notebook.path.hasSuffix(".py") {
            words += ["-k", notebook.kernel ?? "python3", "--language", "python"]
        } else if let kernel = notebook.kernel {
            words += ["-k", kernel]
        }
        for (name, value) in Options(assignment).all(under: NotebookCollector.parameter) {
            guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
                throw Options.refusal(NotebookCollector.parameter + name, value, "a name of letters, digits and _")
            }
            words += ["-p", name, value]
        }
        return try program(notebook.papermill, words, "papermill")
    }

    private func program(_ path: String, _ words: [String], _ tool: String) throws(CollectionFailure) -> Program {
        guard let notebook, let directory else { preconditionFailure("a tool before the notebook was opened") }
        guard access(path, X_OK) == 0 else {
            throw CollectionFailure(
                .failedNode, "\(path) is not there; install \(tool), or name where it is in --collectors FILE")
        }
        let start = ProgramStart(
            path: path, arguments: words, environment: notebook.environment, directory: directory.path,
            limits: notebook.limits, tag: ProgramStart.newTag(of: tools.owner))
        return Program(
            start, input: [], on: tools.visitor.fetcher.loop, heard: { [progress = tools.progress] in progress() })
    }

    /// Until the tool has ended; what it prints is of no interest.
    private nonisolated(nonsending) func finish(_ program: Program, _ tool: String) async throws(CollectionFailure) {
        while true {
            guard case .ended(let end, let words) = await program.next() else { continue }
            let limits = notebook?.limits ?? ProgramLimits()
            if let failure = end.failure(of: "\(tool) of \(assignment.location)", words, limits) { throw failure }
            return
        }
    }

    // MARK: What is found

    private nonisolated(nonsending) func found() async throws(CollectionFailure) -> [CollectedItem] {
        guard let path = directory?.file("out.ipynb"),
            let bytes = CollectorSettings.read(path, NotebookCollector.mostBytes)
        else {
            throw CollectionFailure(
                .failedContent,
                "the executed notebook \(assignment.location) is missing, or larger than "
                    + "\(NotebookCollector.mostBytes) bytes")
        }
        guard let json = await tools.extraction.json(bytes) else {
            throw CollectionFailure(.failedContent, "the executed notebook \(assignment.location) is no JSON")
        }
        var items: [CollectedItem] = []
        if bytes.count <= assignment.contentLimit {
            items.append(.artifact(artifact(.json, bytes, "executed", nil), mark: nil))
        } else {
            result.error = "the executed notebook has \(bytes.count) bytes and was left out; raise max_bytes"
        }
        for scrap in NotebookScrap.all(in: json) where scrap.content.count <= assignment.contentLimit {
            items.append(.artifact(artifact(scrap.kind, scrap.content, "scrap", scrap.name), mark: nil))
        }
        return items
    }

    private func artifact(_ kind: ContentKind, _ content: [UInt8], _ part: String, _ scrap: String?) -> Proto.Artifact {
        let source = "notebook:\(assignment.location)" + (scrap.map { "#\($0)" } ?? "")
        var artifact = assignment.artifact(kind: kind, content: content, from: source, at: tools.time.wall())
        for (key, value) in [("source_type", "notebook"), ("collection_method", "papermill"), ("part", part)] {
            artifact.metadata[key] = value
        }
        if let scrap { artifact.metadata["scrap"] = scrap.prefix(utf8: 256) }
        return artifact
    }
}

/// What a notebook has glued to itself with scrapbook. Pure.
struct NotebookScrap: Equatable {
    let name: String
    let kind: ContentKind
    let content: [UInt8]

    private static let medium = "application/scrapbook.scrap."

    static func all(in notebook: JSONValue) -> [NotebookScrap] {
        let outputs = (notebook["cells"]?.array ?? []).flatMap { $0["outputs"]?.array ?? [] }
        return outputs.flatMap { $0["data"]?.members ?? [] }.compactMap { member in
            guard member.name.hasPrefix(medium), let name = member.value["name"]?.string,
                let data = member.value["data"]
            else { return nil }
            if let text = data.string {
                return text.isEmpty ? nil : NotebookScrap(name: name, kind: .text, content: Array(text.utf8))
            }
            return NotebookScrap(name: name, kind: .json, content: data.encoded)
        }
    }
}
