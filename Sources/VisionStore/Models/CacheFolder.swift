import VisionModel
import VisionSystem
import VisionTensor

/// The file operations of the store, with errors that suggest a remedy.
enum CacheFolder {
  /// The error for a failed system call.
  static func failure(_ number: Int32, _ path: String) -> StoreError {
    let text = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT:
      return StoreError(
        .noSpace, "the disk is full: \(text)", place: path,
        remedy: "make room, or set XDG_CACHE_HOME to a folder on another disk")
    case EACCES, EPERM, EROFS, ENOTDIR, EEXIST, ENOENT, ELOOP:
      return StoreError(
        .notWritable, "cannot be written: \(text)", place: path,
        remedy: "make the folder writable, or set XDG_CACHE_HOME to one that is")
    default: return StoreError(.io, text, place: path)
    }
  }

  /// The error for a model that could not be written.
  static func failure(_ error: FormatError, _ path: String) -> StoreError {
    // The error has the system's message but not its number.
    let numbers = [ENOSPC, EDQUOT, EACCES, EPERM, EROFS].filter {
      error.message.hasSuffix(String(cString: strerror($0)))
    }
    if let number = numbers.first { return failure(number, path) }
    return StoreError(.io, error.message, place: error.place ?? path, remedy: error.remedy)
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether it is an empty folder that can be read.
  static func isEmptyFolder(_ path: String) -> Bool {
    guard isFolder(path), access(path, R_OK) == 0 else { return false }
    return names(in: path).isEmpty
  }

  /// The absolute path; links and dots are not resolved.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// Creates a folder and its parent folders.
  static func make(_ path: String) throws(StoreError) {
    if mkdir(path, 0o777) == 0 { return }
    var number = errno
    if number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try make(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 { return }
      number = errno
    }
    var status = stat()
    if number == EEXIST, stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return }
      number = ENOTDIR
    }
    throw failure(number, path)
  }

  /// Creates a temporary folder that only this user can access.
  static func makeTemporary(in folder: String, prefix: String) throws(StoreError) -> String {
    var template = Array("\(folder)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw failure(errno, folder) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The names in a folder; empty when it cannot be read.
  static func names(in folder: String) -> [String] { POSIX.names(in: folder) ?? [] }

  /// Removes a folder with its contents, as far as possible; links are removed, not followed.
  static func removeTree(_ path: String, depth: Int = 0) {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard depth < 32 else { return }
    for name in names(in: path) { removeTree("\(path)/\(name)", depth: depth + 1) }
    rmdir(path)
  }

  /// Removes a file if it exists.
  static func remove(_ path: String) throws(StoreError) {
    if unlink(path) != 0 && errno != ENOENT { throw failure(errno, path) }
  }

  /// The total size of all files below a folder, in bytes.
  static func byteCount(below folder: String, depth: Int = 0) -> Int {
    names(in: folder).reduce(0) { sum, name in
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { return sum }
      if status.st_mode & S_IFMT == S_IFDIR {
        return depth < 8 ? sum + byteCount(below: "\(folder)/\(name)", depth: depth + 1) : sum
      }
      return sum + Int(status.st_size)
    }
  }

  /// The free disk space in bytes at `path`, or nil when unknown.
  static func freeBytes(_ path: String) -> Int? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? nil : Int(clamping: bytes)
  }

  /// Renames a file or folder, and flushes the parent folder so that the new name survives a crash.
  static func rename(_ old: String, to new: String) throws(StoreError) {
    let number = POSIX.rename(old, to: new)
    guard number == 0 else { throw failure(number, new) }
    guard let slash = new.lastIndex(of: "/") else { return }
    // Some file systems cannot flush a folder; that is ignored, because the contents have been flushed.
    POSIX.flushFolder(String(new[...slash]))
  }

  /// Replaces a small file as a whole: writes a temporary file next to it, flushes it, and renames it.
  static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(errno, path) }
    let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // `mkstemp` makes the file readable only by this user, but a cache may be shared.
    fchmod(descriptor, 0o644)
    var number = bytes.withUnsafeBytes { POSIX.writeAll($0, to: descriptor) } ?? 0
    if number == 0 && fsync(descriptor) != 0 { number = errno }
    if close(descriptor) != 0 && number == 0 && errno != EINTR { number = errno }
    if number != 0 {
      unlink(temporary)
      throw failure(number, path)
    }
    do {
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
