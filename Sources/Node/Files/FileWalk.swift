import Model
import Wire

/// Goes through what lies below a directory and matches a pattern, one entry at a time, depth first. No symbolic link
/// is followed, and what it holds and looks at is bounded.
final class FileWalk {
    enum Step {
        case found(Directory, String)
        case nothing  // an entry that does not match, or the end of a directory
        case ended
    }

    private struct Level {
        let directory: Directory
        let places: PathPattern.Places
        var only: String?  // then the directory is not listed
    }

    static let deepest = 32  // directories, each open
    static let mostEntries = 1_000_000  // looked at in one collection

    private let pattern: PathPattern
    private var levels: [Level] = []
    private var looked = 0
    private var tooDeep = 0
    private var closed = 0
    private let limit: Int

    init(_ pattern: PathPattern, in directory: Directory, limit: Int = FileWalk.mostEntries) {
        self.pattern = pattern
        self.limit = limit
        enter(directory, pattern.start)
    }

    /// What was left out, in words; empty when it was nothing.
    var omissions: String {
        var words: [String] = []
        if looked > limit { words.append("the walk ended after \(limit) entries; name a narrower path") }
        if tooDeep > 0 { words.append("\(tooDeep) directories more than \(FileWalk.deepest) deep were left out") }
        if closed > 0 { words.append("\(closed) directories could not be read") }
        return words.joined(separator: "; ")
    }

    func next() throws(FileError) -> Step {
        guard let level = levels.last else { return .ended }
        guard let name = try takeName(level) else {
            levels.removeLast()
            return .nothing
        }
        looked += 1
        guard looked <= limit else {
            levels = []
            return .ended
        }
        let step = pattern.step(name, at: level.places)
        if level.only != nil { levels.removeLast() }
        if !step.within.isEmpty { descend(level.directory, name, step.within) }
        return step.isMatch ? .found(level.directory, name) : .nothing
    }

    private func takeName(_ level: Level) throws(FileError) -> String? {
        if let only = level.only { return only }
        return try level.directory.nextName()
    }

    private func enter(_ directory: Directory, _ places: PathPattern.Places) {
        levels.append(Level(directory: directory, places: places, only: pattern.onlyName(at: places)))
    }

    /// What is no directory, or a link to one, has nothing within.
    private func descend(_ directory: Directory, _ name: String, _ places: PathPattern.Places) {
        guard directory.holdsDirectory(name) else { return }
        guard levels.count < FileWalk.deepest else {
            tooDeep += 1
            return
        }
        do throws(FileError) {
            enter(try directory.enter(name), places)
        } catch {
            closed += 1
        }
    }
}

extension FileRoot {
    /// Where a location leads: one name in a directory, or what matches a pattern below one.
    enum Place {
        case name(Directory, String)
        case below(Directory, PathPattern)
    }

    /// A directory stands for everything in it.
    static func find(_ location: String, below roots: [FileRoot]) throws(CollectionFailure) -> Place {
        let (root, parts) = try parts(of: location, below: roots)
        let plain = Array(parts.prefix(while: PathPattern.isPlain))
        do throws(FileError) {
            guard plain.count == parts.count else { return try root.place(parts, plain.count) }
            guard let last = parts.last else { return try root.place(["*"], 0) }
            let directory = try root.open(plain.dropLast())
            guard directory.identity(of: last)?.isRegular == false else { return .name(directory, last) }
            return try root.place(parts + ["*"], parts.count)
        } catch {
            throw CollectionFailure(.failedTarget, error.words)
        }
    }

    private func place(_ parts: [String], _ plain: Int) throws(FileError) -> Place {
        guard let pattern = PathPattern(parts.dropFirst(plain)) else {
            throw FileError("a path with wildcards has at most \(PathPattern.mostParts) parts from the first on")
        }
        return .below(try open(parts.prefix(plain)), pattern)
    }
}
