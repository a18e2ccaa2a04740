import VisionSystem

/// The destination of results: standard output or a file, written immediately and without a buffer.
final class Output: Sendable {
  /// The reader of the pipe has closed it: a normal end, not an error.
  struct Closed: Error {}

  private let descriptor: Int32
  private let name: String?

  /// Standard output, or the file at `path`, which is created or replaced.
  ///
  /// - Parameter overwrites: whether a file that exists may be replaced.
  init(path: String? = nil, overwrites: Bool = true) throws(CommandError) {
    if let path { try OverwriteFlag.check(path, force: overwrites) }
    name = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw CommandError(.io, POSIX.message(errno), place: path) }
  }

  deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

  /// Whether the output is a terminal.
  var isTerminal: Bool { Terminal.isOne(descriptor) }

  /// The columns that lines are shortened to; nil where the output is no terminal.
  var width: Int? { Terminal.width(of: descriptor) }

  /// Whether it gets colors and emphasis.
  var isColored: Bool { ColorChoice.ofProcess.isOn(descriptor) }

  /// Throws `Closed` if nobody reads the output any longer, and `CommandError` for other errors, such as a
  /// full disk.
  func write(_ text: String) throws {
    var text = text
    let failure = text.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
    guard let failure else { return }
    if failure == EPIPE { throw Closed() }
    throw CommandError(.io, POSIX.message(failure), place: name ?? "standard output")
  }

  func writeLine(_ line: String) throws { try write(line + "\n") }
}
