/// Replaces whole files: readers see either the old bytes or the new ones, even after a crash.
package enum AtomicFile {
  /// The step that failed.
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
  ///   - body: writes to the given descriptor and returns the system's error number, or nil on success.
  /// - Throws: `Failure`; then the old file, if any, is unchanged, and no new file is left.
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
    // The name is on the disk only after its folder is flushed. Not every file system supports that; the
    // bytes are safe in any case.
    if isFlushed { POSIX.flushFolder(POSIX.directory(of: path)) }
  }

  /// Removes temporary files that a process left when it was killed while writing one of the files `names` in
  /// `folder`.
  ///
  /// No other process may be writing these files.
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
