import Synchronization
import VisionNet
import VisionSystem

/// The images that the arguments of `classify` mean, one after the other.
///
/// A file is itself, a folder the images below it, `-` an image on standard input, or the paths there, one per line.
struct PathSource {
  /// How many there are, when the arguments say so without a look at the disk or at standard input.
  let count: Int?

  private var arguments: ArraySlice<FilePath>
  private var walk: DirectoryWalk?
  private var lines: LineReader?
  /// What ends a path on standard input.
  private let separator: UInt8
  private let messages: Messages
  private let failures: FolderFailures

  init(
    _ paths: [FilePath], messages: Messages, failures: FolderFailures, separator: UInt8 = UInt8(ascii: "\n")
  ) {
    self.separator = separator
    arguments = paths[...]
    self.messages = messages
    self.failures = failures
    count = paths.contains { $0.isStandardInput || $0.kind == .directory } ? nil : paths.count
  }

  /// The next image, nil when there are no more.
  mutating func next(isCancelled: () -> Bool) throws(CommandError) -> FilePath? {
    while !isCancelled() {
      if let path = walk?.next() { return path }
      walk = nil
      if let line = try lines?.next(isCancelled: isCancelled) {
        if line.isEmpty { continue }
        // No path has a zero byte: the lines are those of something else.
        guard !line.contains(0) else { throw StandardInput.refusal() }
        return FilePath(bytes: line)
      }
      lines = nil
      guard let argument = arguments.popFirst() else { return nil }
      if argument.isStandardInput {
        if let image = try readStandardInput(isCancelled) { return image }
      } else if argument.kind == .directory {
        walk = DirectoryWalk(argument, note: { [messages] in messages.note("\($0.printable): \($1)") }) {
          [messages, failures] folder, reason in
          failures.add()
          messages.error("\(folder.printable): \(reason)")
        }
      } else {
        return argument
      }
    }
    return nil
  }

  /// The image on standard input; nil where there are paths, which are the lines to come.
  private mutating func readStandardInput(_ isCancelled: () -> Bool) throws(CommandError) -> FilePath? {
    var reader = LineReader(descriptor: STDIN_FILENO, separator: separator)
    let beginning = try reader.beginning(
      limit: StandardInput.beginning, isEnough: { StandardInput.isEnough($0) }, isCancelled: isCancelled)
    switch StandardInput.kind(beginning, separator: separator) {
    case .image:
      return FilePath(bytes: [UInt8(ascii: "-")], content: try reader.rest(isCancelled: isCancelled))
    case .paths: lines = reader
    case .neither: throw StandardInput.refusal()
    }
    return nil
  }
}

/// How many folders could not be read.
final class FolderFailures: Sendable {
  private let number = Atomic(0)
  var count: Int { number.load(ordering: .relaxed) }
  func add() { number.add(1, ordering: .relaxed) }
}
