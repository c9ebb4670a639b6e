import Coordinator
import Glibc

/// The files that an operator can give a hub about patterns.
enum PatternFiles {
    private static let longest = 1 << 20  // bytes

    static func read(_ arguments: Arguments, into options: inout PatternOptions) throws(UsageError) {
        if let path = arguments.string("stop-words") {
            let text = try contents(of: path, flag: "stop-words")
            do throws(PatternOptionFault) { try options.setStopWords(text) } catch {
                throw UsageError("--stop-words is \(path): \(error)")
            }
        }
        if let path = arguments.string("characteristics") {
            let text = try contents(of: path, flag: "characteristics")
            do throws(PatternOptionFault) { try options.setCharacteristics(text) } catch {
                throw UsageError("--characteristics is \(path): \(error)")
            }
        }
    }

    private static func contents(of path: String, flag: String) throws(UsageError) -> [UInt8] {
        guard let file = fopen(path, "r") else {
            throw UsageError("--\(flag) is \(path), which cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard count <= longest else {
            throw UsageError("--\(flag) is \(path), which is longer than 1 MiB; name a shorter file")
        }
        return Array(bytes[..<count])
    }
}
