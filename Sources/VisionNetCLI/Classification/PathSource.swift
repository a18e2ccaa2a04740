import Synchronization
import VisionNet

/// The pictures that the arguments of `classify` mean, one after the other.
///
/// A file is itself, a folder the pictures below it, `-` the paths on standard input, one a line.
struct PathSource {
  /// How many there are, when the arguments say so without a look at the disk or at standard input.
  let count: Int?

  private var arguments: ArraySlice<FilePath>
  private var walk: DirectoryWalk?
  private var lines: LineReader?
  private let messages: Messages
  private let failures: FolderFailures

  init(_ paths: [FilePath], messages: Messages, failures: FolderFailures) {
    arguments = paths[...]
    self.messages = messages
    self.failures = failures
    count = paths.contains { Self.isStandardInput($0) || $0.kind == .directory } ? nil : paths.count
  }

  /// The next picture, nil when there are no more.
  mutating func next(isCancelled: () -> Bool) throws(CommandError) -> FilePath? {
    while !isCancelled() {
      if let path = walk?.next() { return path }
      walk = nil
      if let line = try lines?.next(isCancelled: isCancelled) {
        if line.isEmpty { continue }
        return FilePath(bytes: line)
      }
      lines = nil
      guard let argument = arguments.popFirst() else { return nil }
      if Self.isStandardInput(argument) {
        lines = LineReader(descriptor: STDIN_FILENO)
      } else if argument.kind == .directory {
        walk = DirectoryWalk(argument) { [messages, failures] folder, reason in
          failures.add()
          messages.error("\(folder.printable): \(reason)")
        }
      } else {
        return argument
      }
    }
    return nil
  }

  private static func isStandardInput(_ path: FilePath) -> Bool { path.bytes == [UInt8(ascii: "-")] }
}

/// How many folders could not be read.
final class FolderFailures: Sendable {
  private let number = Atomic(0)
  var count: Int { number.load(ordering: .relaxed) }
  func add() { number.add(1, ordering: .relaxed) }
}
