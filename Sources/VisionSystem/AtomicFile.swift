/// Replaces files as a whole: readers see the old bytes or the new ones, also after a crash.
package enum AtomicFile {
  /// What the system refused.
  package struct Failure: Error {
    package enum Step: String, Sendable { case created, written, flushed, closed, renamed }
    package let step: Step
    /// The system's error number.
    package let number: Int32
  }

  /// Lets `body` write to a new file beside `path`, and renames it.
  ///
  /// - Parameters:
  ///   - isFlushed: whether bytes and name are on the disk when this returns.
  ///   - body: writes to the descriptor that it is given; the error number when the system refuses, else nil.
  /// - Throws: `Failure`; the old file, if any, is then untouched and nothing is left beside it.
  package static func write(to path: String, isFlushed: Bool, _ body: (Int32) -> Int32?) throws(Failure) {
    let (temporary, descriptor) = try create(beside: path)
    var failure = body(descriptor).map { Failure(step: .written, number: $0) }
    if failure == nil, isFlushed, fsync(descriptor) != 0 { failure = Failure(step: .flushed, number: errno) }
    if close(descriptor) != 0, failure == nil { failure = Failure(step: .closed, number: errno) }
    if failure == nil, case let number = POSIX.rename(temporary, to: path), number != 0 {
      failure = Failure(step: .renamed, number: number)
    }
    if let failure {
      unlink(temporary)
      throw failure
    }
    // The name is on the disk only once its folder is; not every file system can do that, and the bytes are safe.
    if isFlushed { POSIX.flushFolder(POSIX.directory(of: path)) }
  }

  /// Removes what a process that was killed while it wrote one of the files `names` in `folder` has left beside it.
  ///
  /// Nobody else may be writing them.
  package static func removeLeftovers(of names: [String], in folder: String) {
    for name in POSIX.names(in: folder) ?? [] where name.hasSuffix(ending) {
      guard let own = names.first(where: { name.hasPrefix("\($0).") }) else { continue }
      let random = name.dropFirst(own.count + 1).dropLast(ending.count)
      if UInt32(random, radix: 36) != nil { unlink("\(folder)/\(name)") }
    }
  }

  private static let ending = ".part"

  private static func create(beside path: String) throws(Failure) -> (path: String, descriptor: Int32) {
    for _ in 0..<100 {
      let temporary = "\(path).\(String(UInt32.random(in: .min ... .max), radix: 36))\(ending)"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      guard errno == EEXIST else { break }
    }
    throw Failure(step: .created, number: errno)
  }
}
