import Synchronization
import VisionNet
import VisionSystem

/// The images that the arguments of `classify` name, one after another.
///
/// A file names itself, and a folder names the images below it. `-` means standard input: an image, or paths,
/// one per line.
struct PathSource {
  /// The number of images, if the arguments give it without reading the disk or standard input.
  let count: Int?

  private var arguments: ArraySlice<FilePath>
  private var walk: DirectoryWalk?
  private var lines: LineReader?
  /// The byte that ends a path on standard input.
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
        // No path has a zero byte, so the input is not a list of paths.
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

  /// The image on standard input; nil if there are paths, which `lines` then reads.
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

/// The number of folders that could not be read.
final class FolderFailures: Sendable {
  private let number = Atomic(0)
  var count: Int { number.load(ordering: .relaxed) }
  func add() { number.add(1, ordering: .relaxed) }
}
