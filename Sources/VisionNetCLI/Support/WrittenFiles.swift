import VisionNet
import VisionSystem

/// What a command has written, or where it lies: a line for each file, or one JSON object.
struct WrittenFiles {
  private var lines: [String] = []
  private var records: [JSON] = []

  init() {}

  init(_ path: String) { add(path) }

  /// - Parameters:
  ///   - line: the line of text, if it is more than the path.
  ///   - facts: what else is known of the file.
  mutating func add(_ path: String, line: String? = nil, _ facts: [(String, JSON)] = []) {
    lines.append(line ?? FilePath(path).printable)
    records.append(.object([("path", .string(path))] + facts))
  }

  /// - Parameter isSilent: whether nothing is said as text, since the caller named the file.
  func write(_ format: ReportFormat, isSilent: Bool = false) throws {
    switch format {
    case .json:
      try Output().writeLine((["schema": JSON.schema, "files": .array(records)] as JSON).indented)
    case .text: if !isSilent { for line in lines { try Output().writeLine(line) } }
    }
  }
}
