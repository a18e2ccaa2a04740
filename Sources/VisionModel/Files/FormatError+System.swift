import VisionSystem

extension FormatError {
  /// The error for a file that could not be opened, from the last error of this thread.
  static func opening(_ path: String) -> FormatError {
    let isMissing = errno == ENOENT || errno == ENOTDIR
    return FormatError(
      isMissing ? .missing : .io,
      isMissing ? "no such file" : "cannot be opened: \(POSIX.lastError)",
      file: path)
  }

  /// The error for a file that could not be written; `number` is the system's error number.
  package static func writing(_ path: String, _ what: String, _ number: Int32 = errno) -> FormatError {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(number)
    return FormatError(
      isFull ? .diskFull : .io, "\(what): \(POSIX.message(number))", file: path,
      remedy: isFull ? "make room on the disk, or choose another folder" : nil)
  }
}
