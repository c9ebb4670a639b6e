import Glibc
import Model
import Wire

/// Log files below an allowed root: the whole lines that came since the last time, some at once.
final class TailCollector: Collector {
    private enum Stage {
        case unopened  // to looking, with the first step
        case looking(FileWalk)  // to reading, when every entry was looked at
        case reading  // to done, when every file was read to its last line
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private let seen: TailBookmark
    private var next = TailBookmark()
    private var stage = Stage.unopened
    private var files: [Place] = []
    private var current: (place: Place, file: OpenFile, identity: FileIdentity, offset: UInt64)?
    private var left = 0
    private(set) var result = CollectionResult(.collected)

    private struct Place {
        var directory: String
        var name: String

        var path: String { directory + "/" + name }
    }

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
            try open()
            return []
        case .looking(let walk):
            try look(walk)
            return []
        case .reading:
            if let item = try read() { return [item] }
            guard files.isEmpty, current == nil else { return [] }
            stage = .done
            return [.bookmark(next.bytes)]
        case .done: return nil
        }
    }

    private func open() throws(CollectionFailure) {
        switch try FileRoot.find(assignment.location, below: tools.roots) {
        case .name(let directory, let name):
            files = [Place(directory: directory.path, name: name)]
            guard directory.identity(of: name) != nil else { throw noFile }
            stage = .reading
        case .below(let directory, let pattern): stage = .looking(FileWalk(pattern, in: directory))
        }
    }

    private var noFile: CollectionFailure {
        CollectionFailure(.failedTarget, "\(assignment.location) matches no file")
    }

    /// At some entries, so that others have their turn.
    private func look(_ walk: FileWalk) throws(CollectionFailure) {
        for _ in 0..<NodeLimits.entriesAtOnce {
            let step: FileWalk.Step
            do throws(FileError) {
                step = try walk.next()
            } catch {
                throw CollectionFailure(.failedTarget, error.words)
            }
            switch step {
            case .nothing: continue
            case .found(let directory, let name): add(directory, name)
            case .ended:
                if files.isEmpty { throw noFile }
                files.sort { $0.path > $1.path }
                result.error = omissions(walk)
                stage = .reading
                return
            }
        }
    }

    private func add(_ directory: Directory, _ name: String) {
        guard directory.identity(of: name)?.isRegular == true else { return }
        if files.count < TailCollector.mostFiles {
            files.append(Place(directory: directory.path, name: name))
        } else {
            left += 1
        }
    }

    private func omissions(_ walk: FileWalk) -> String {
        let words =
            left == 0 ? "" : "\(left) files were left out; a target tails \(TailCollector.mostFiles) at most"
        return [words, walk.omissions].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// The next lines of the current file, or of the next one; nil when there are none for now.
    private func read() throws(CollectionFailure) -> CollectedItem? {
        if current == nil {
            guard let place = files.popLast() else { return nil }
            guard let directory = try? FileRoot.place(of: place.path, below: tools.roots).directory,
                let file = directory.openFile(place.name), let identity = file.identity, identity.isRegular,
                file.seek(to: seen.offset(of: identity))
            else { return nil }
            current = (place, file, identity, seen.offset(of: identity))
        }
        guard let (place, file, identity, offset) = current else { return nil }
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
        return .artifact(artifact(Array(bytes[..<whole]), place, offset), mark: nil)
    }

    private func artifact(_ content: [UInt8], _ place: Place, _ offset: UInt64) -> Proto.Artifact {
        var artifact = assignment.artifact(
            kind: ContentKind.text.ifReadable(content), content: content,
            from: "file://\(place.path)#offset=\(offset)", at: tools.time.wall())
        let lines = content.count { $0 == 10 }
        let values = [
            ("source_type", "file"), ("collection_method", "file_tail"), ("file_name", place.name),
            ("offset", "\(offset)"),
            ("lines", "\(lines)"),
        ]
        for (key, value) in values { artifact.metadata[key] = value }
        return artifact
    }
}
