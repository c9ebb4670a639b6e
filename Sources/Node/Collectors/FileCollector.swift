import Glibc
import Model
import Wire

/// Files by path or glob below an allowed root: those that are new or changed since the bookmark, one artifact each.
final class FileCollector: Collector {
    private enum Stage {
        case unopened  // to scanning, with the first step
        case scanning(Directory)  // to done, when every entry was looked at
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var stage = Stage.unopened
    private var names: String?  // a pattern; nil: the one file `name`
    private var name: String?
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
        guard skipped > 0 else { return CollectionResult(.collected) }
        let words =
            "\(skipped) of \(found + skipped) files were not collected: "
            + "larger than \(assignment.contentLimit) bytes, empty or unreadable"
        return CollectionResult(found > 0 || name == nil ? .collected : .failedContent, error: words)
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            stage = .scanning(try open())
            return []
        case .scanning(let directory):
            let items = try await scan(directory)
            if let items { return items }
            stage = .done
            return ending()
        case .done: return nil
        }
    }

    // MARK: Where

    private func open() throws(CollectionFailure) -> Directory {
        let (directory, last) = try FileRoot.place(of: assignment.location, below: tools.roots)
        guard let last else {
            names = "*"
            return directory
        }
        if last.contains(where: { "*?[".contains($0) }) { names = last } else { name = last }
        // A directory stands for everything in it.
        guard names == nil, directory.identity(of: last)?.isRegular == false else { return directory }
        (names, name) = ("*", nil)
        do throws(FileError) {
            return try directory.enter(last)
        } catch {
            throw CollectionFailure(.failedTarget, error.words)
        }
    }

    /// The names to look at next; nil when there are no more.
    private func entries(_ directory: Directory) throws(CollectionFailure) -> [String]? {
        if let only = name {
            defer { name = nil }
            return [only]
        }
        guard let pattern = names else { return nil }
        do throws(FileError) {
            var matching: [String] = []
            for _ in 0..<NodeLimits.entriesAtOnce {
                guard let entry = try directory.nextName() else { return matching.isEmpty ? nil : matching }
                if fnmatch(pattern, entry, FNM_PERIOD) == 0 { matching.append(entry) }
            }
            return matching
        } catch {
            throw CollectionFailure(.failedTarget, error.words)
        }
    }

    // MARK: What

    private var queue: [String] = []

    /// Some artifacts, perhaps none; nil when everything was looked at.
    private nonisolated(nonsending) func scan(_ directory: Directory) async throws(CollectionFailure)
        -> [CollectedItem]?
    {
        if queue.isEmpty {
            guard let names = try entries(directory) else { return nil }
            queue = names.reversed()
        }
        var items: [CollectedItem] = []
        var bytes = 0
        while let entry = queue.last, items.count < NodeLimits.filesAtOnce, bytes < NodeLimits.stepBytes {
            queue.removeLast()
            guard let artifact = try await collect(entry, in: directory) else { continue }
            bytes += artifact.content.count
            items.append(.artifact(artifact, mark: next.mark))
        }
        return items
    }

    private nonisolated(nonsending) func collect(
        _ entry: String, in directory: Directory
    ) async throws(CollectionFailure) -> Proto.Artifact? {
        let isOnly = names == nil
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
