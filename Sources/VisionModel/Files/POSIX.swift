import VisionTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The few calls into the operating system that this module makes.
enum POSIX {
  /// The text of the last error of this thread.
  static var lastError: String { String(cString: strerror(errno)) }

  /// The error for a file that could not be opened.
  static func openError(_ path: String) -> FormatError {
    let isMissing = errno == ENOENT || errno == ENOTDIR
    return FormatError(
      isMissing ? .missing : .io, isMissing ? "there is no such file" : "cannot be opened: \(lastError)",
      file: path, remedy: isMissing ? "check the path" : nil)
  }

  /// The error for a file that could not be written, from the last error of this thread.
  static func writeError(_ path: String, _ what: String) -> FormatError {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(errno)
    return FormatError(
      isFull ? .diskFull : .io, "\(what): \(lastError)", file: path,
      remedy: isFull ? "make room on the disk, or choose another folder" : nil)
  }

  /// The absolute path without symbolic links, or nil when it does not exist.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Everything before the last slash: `.` for a bare name, `/` for one at the root.
  static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Writes all bytes, going on after partial writes.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, rest.baseAddress, rest.count)
      #else
        let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
