/// Files in a new folder that no other process uses yet, so they need not be flushed and renamed one by one.
package enum PlainFile {
  /// Writes a file that must not exist yet. Returns 0, or the system's error number.
  package static func write(_ bytes: [UInt8], to path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return errno }
    var number = bytes.withUnsafeBytes { POSIX.writeAll($0, to: descriptor) } ?? 0
    if close(descriptor) != 0 && number == 0 && errno != EINTR { number = errno }
    return number
  }

  /// Flushes all written files to the disk, so that names created afterward never refer to files without
  /// contents.
  package static func flush() { sync() }
}
