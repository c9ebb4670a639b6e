import Glibc
import Model
import Wire

/// Files by path or glob below an allowed root: those that are new or changed since the bookmark, one artifact each.
final class FileCollector: Collector {
    private enum Stage {
        case unopened  // to scanning, with the first step
        case one(Directory, String)  // to done
        case walking(FileWalk)  // to done, when every entry was looked at
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var stage = Stage.unopened
    private var isOnly = false  // one file, by its name
    private var omissions = ""
    private var seen: FileBookmark?
    private var next: FileBookmark.Draft
    private var skipped = 0
    private var found = 0

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
        seen = FileBookmark(assignment.bookmark)
        next = FileBookmark.Draft(startedAt: tools.time.wall(), mark: tools.mark())
    }

    var result: CollectionResult {
        let skips =
            skipped == 0
            ? ""
            : "\(skipped) of \(found + skipped) files were not collected: "
                + "larger than \(assignment.contentLimit) bytes, empty or unreadable"
        let isFailed = skipped > 0 && isOnly
        let words = [skips, omissions].filter { !$0.isEmpty }.joined(separator: "; ")
        return CollectionResult(isFailed ? .failedContent : .collected, error: words)
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            switch try FileRoot.find(assignment.location, below: tools.roots) {
            case .name(let directory, let name):
                isOnly = true
                stage = .one(directory, name)
            case .below(let directory, let pattern): stage = .walking(FileWalk(pattern, in: directory))
            }
            return []
        case .one(let directory, let name):
            stage = .done
            let artifact = try await collect(name, in: directory)
            return (artifact.map { [.artifact($0, mark: next.mark)] } ?? []) + ending()
        case .walking(let walk):
            if let items = try await scan(walk) { return items }
            stage = .done
            omissions = walk.omissions
            return ending()
        case .done: return nil
        }
    }

    /// Some artifacts, perhaps none; nil when everything was looked at.
    private nonisolated(nonsending) func scan(_ walk: FileWalk) async throws(CollectionFailure) -> [CollectedItem]? {
        var items: [CollectedItem] = []
        var bytes = 0
        for _ in 0..<NodeLimits.entriesAtOnce where items.count < NodeLimits.filesAtOnce && bytes < NodeLimits.stepBytes
        {
            let step: FileWalk.Step
            do throws(FileError) {
                step = try walk.next()
            } catch {
                throw CollectionFailure(.failedTarget, error.words)
            }
            switch step {
            case .ended: return items.isEmpty ? nil : items
            case .nothing: continue
            case .found(let directory, let entry):
                guard let artifact = try await collect(entry, in: directory) else { continue }
                bytes += artifact.content.count
                items.append(.artifact(artifact, mark: next.mark))
            }
        }
        return items
    }

    private nonisolated(nonsending) func collect(
        _ entry: String, in directory: Directory
    ) async throws(CollectionFailure) -> Proto.Artifact? {
        guard let identity = directory.identity(of: entry) else {
            if isOnly { throw CollectionFailure(.failedTarget, "\(directory.path)/\(entry) does not exist") }
            return nil
        }
        guard identity.isRegular else {
            if isOnly { throw CollectionFailure(.failedTarget, "\(directory.path)/\(entry) is not a regular file") }
            return nil
        }
        guard seen?.holds(identity) != true || (isOnly && digestHeld == nil) else {
            next.note(identity, at: tools.time.wall())
            return nil
        }
        guard let content = await read(entry, in: directory) else {
            skipped += 1
            next.note(identity, at: tools.time.wall())
            return nil
        }
        found += 1
        next.note(identity, at: tools.time.wall())
        var artifact = assignment.artifact(
            kind: ContentKind(fileName: entry, content: content), content: content,
            from: "file://\(directory.path)/\(entry)", at: tools.time.wall())
        for (key, value) in [("source_type", "file"), ("collection_method", "file_read"), ("file_name", entry)] {
            artifact.metadata[key] = value
        }
        return artifact
    }

    /// Nil when it is empty, too large or cannot be read. Between slices others have their turn on the thread.
    private nonisolated(nonsending) func read(_ entry: String, in directory: Directory) async -> [UInt8]? {
        guard let file = directory.openFile(entry), file.identity?.isRegular == true else { return nil }
        var content: [UInt8] = []
        while let slice = file.read(NodeLimits.fileSlice) {
            if slice.isEmpty { return content.isEmpty ? nil : content }
            content += slice
            guard content.count <= assignment.contentLimit, !Task.isCancelled else { return nil }
            await Task.yield()
        }
        return nil
    }

    // MARK: The end

    private var digestHeld: [UInt8]? { seen.flatMap { tools.digest($0.mark) } }

    private func ending() -> [CollectedItem] {
        guard found == 0, let seen else { return [.bookmark(next.bytes)] }
        next.mark = seen.mark
        let bookmark = CollectedItem.bookmark(next.bytes)
        guard skipped == 0, let digest = digestHeld else { return [bookmark] }
        let source = assignment.location.prefix(utf8: Limits.maxRawSource)
        return [.unchanged(Proto.Unchanged(digest: digest[...], rawSource: source), mark: seen.mark), bookmark]
    }
}
