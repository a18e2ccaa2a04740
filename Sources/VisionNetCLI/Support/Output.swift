import VisionSystem

/// Where the data go: standard output or a file, written at once and unbuffered by the process.
final class Output: Sendable {
  /// The reader of the pipe has gone: no error, but the end.
  struct Closed: Error {}

  private let descriptor: Int32
  private let name: String?

  /// Standard output, or the file at `path`, made anew.
  init(path: String? = nil) throws(CommandError) {
    name = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw CommandError(.inputOutput, POSIX.message(errno), place: path) }
  }

  deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

  /// Whether a person looks on.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Throws `Closed` when nobody reads any more, and `CommandError` when the disk is full or the like.
  func write(_ text: String) throws {
    var text = text
    let failure = text.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
    guard let failure else { return }
    if failure == EPIPE { throw Closed() }
    throw CommandError(.inputOutput, POSIX.message(failure), place: name ?? "standard output")
  }

  func writeLine(_ line: String) throws { try write(line + "\n") }
}
