/// One breach of a house rule: where it is, and what to do about it.
struct Finding: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let remedy: String

    init(_ path: String, _ line: Int, _ remedy: String) {
        self.path = path
        self.line = line
        self.remedy = remedy
    }

    var description: String { "\(path):\(line): \(remedy)" }
}
