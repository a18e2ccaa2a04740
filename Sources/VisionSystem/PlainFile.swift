/// Files in a folder that nobody knows yet, so that they need neither be flushed nor renamed one by one.
package enum PlainFile {
  /// Writes a file that is not there yet; 0, or the number of the system's error.
  package static func write(_ bytes: [UInt8], to path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return errno }
    var number = bytes.withUnsafeBytes { POSIX.writeAll($0, to: descriptor) } ?? 0
    if close(descriptor) != 0 && number == 0 && errno != EINTR { number = errno }
    return number
  }

  /// Brings to the disk what was written; the names that follow then never stand for files without contents.
  package static func flush() { sync() }
}
