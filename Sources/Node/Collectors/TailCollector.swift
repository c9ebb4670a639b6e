import Glibc
import Model
import Wire

/// Log files below an allowed root: the whole lines that came since the last time, some at once.
final class TailCollector: Collector {
    private enum Stage {
        case unopened  // to reading, with the first step
        case reading(Directory)  // to done, when every file was read to its last line
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private let seen: TailBookmark
    private var next = TailBookmark()
    private var stage = Stage.unopened
    private var names: [String] = []
    private var current: (name: String, file: OpenFile, identity: FileIdentity, offset: UInt64)?
    private var left = 0
    private(set) var result = CollectionResult(.collected)

    private static let mostFiles = 1_000
    private static let chunk = 64 * Limits.kibibyte

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
        seen = TailBookmark(assignment.bookmark) ?? TailBookmark()
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            guard try Options(assignment).flag("tail") else {
                throw Options.refusal("tail", "no", "yes, or leave it out to collect whole files")
            }
            stage = .reading(try open())
            return []
        case .reading(let directory):
            if let item = try read(directory) { return [item] }
            guard names.isEmpty, current == nil else { return [] }
            stage = .done
            return [.bookmark(next.bytes)]
        case .done: return nil
        }
    }

    private func open() throws(CollectionFailure) -> Directory {
        let (directory, last) = try FileRoot.place(of: assignment.location, below: tools.roots)
        let pattern = last ?? "*"
        do throws(FileError) {
            while let name = try directory.nextName() {
                guard fnmatch(pattern, name, FNM_PERIOD) == 0 else { continue }
                if names.count < TailCollector.mostFiles { names.append(name) } else { left += 1 }
            }
        } catch {
            throw CollectionFailure(.failedTarget, error.words)
        }
        if names.isEmpty { throw CollectionFailure(.failedTarget, "\(assignment.location) matches no file") }
        if left > 0 { result.error = "\(left) files were left out; a target tails \(TailCollector.mostFiles) at most" }
        names.sort(by: >)
        return directory
    }

    /// The next lines of the current file, or of the next one; nil when there are none for now.
    private func read(_ directory: Directory) throws(CollectionFailure) -> CollectedItem? {
        if current == nil {
            guard let name = names.popLast() else { return nil }
            guard let file = directory.openFile(name), let identity = file.identity, identity.isRegular,
                file.seek(to: seen.offset(of: identity))
            else { return nil }
            current = (name, file, identity, seen.offset(of: identity))
        }
        guard let (name, file, identity, offset) = current else { return nil }
        let limit = min(TailCollector.chunk, assignment.contentLimit)
        let bytes = file.read(limit) ?? []
        let whole = bytes.lastIndex(of: 10).map { $0 + 1 } ?? (bytes.count == limit ? limit : 0)
        guard whole > 0, next.note(identity.inode, offset + UInt64(whole)), file.seek(to: offset + UInt64(whole)) else {
            // A last line that is still being written waits for its end.
            if !next.note(identity.inode, offset) { result.error = "more files are tailed than a bookmark holds" }
            current = nil
            return nil
        }
        current?.offset = offset + UInt64(whole)
        return .artifact(artifact(Array(bytes[..<whole]), name, directory, offset), mark: nil)
    }

    private func artifact(_ content: [UInt8], _ name: String, _ directory: Directory, _ offset: UInt64)
        -> Proto.Artifact
    {
        var artifact = assignment.artifact(
            kind: ContentKind.text.ifReadable(content), content: content,
            from: "file://\(directory.path)/\(name)#offset=\(offset)", at: tools.time.wall())
        let lines = content.count { $0 == 10 }
        let values = [
            ("source_type", "file"), ("collection_method", "file_tail"), ("file_name", name), ("offset", "\(offset)"),
            ("lines", "\(lines)"),
        ]
        for (key, value) in values { artifact.metadata[key] = value }
        return artifact
    }
}
