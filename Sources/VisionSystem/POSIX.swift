/// System calls whose names would be hidden by members of a type, or whose form differs between systems.
package enum POSIX {
  /// The text of this thread's last error.
  package static var lastError: String { message(errno) }

  /// The system's text of an error number.
  package static func message(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// Writes all bytes, continuing after partial writes and interruptions. Returns the error number, or nil on
  /// success.
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = write(descriptor, base + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return count == 0 || errno == 0 ? EIO : errno
      }
    }
    return nil
  }

  /// The absolute path without symbolic links; nil when it does not exist.
  package static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Everything before the last slash: `.` for a bare name, `/` for one at the root.
  package static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The names in a folder that are valid UTF-8, sorted by their bytes; nil when the folder cannot be read.
  package static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." else { continue }
      names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a path leads, possibly through links, to a regular file.
  package static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Renames a file. Returns 0, or the system's error number.
  package static func rename(_ old: String, to new: String) -> Int32 { cRename(old, new) == 0 ? 0 : errno }

  /// Flushes the names in a folder to the disk, where the file system supports that.
  package static func flushFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    _ = fsync(folder)
    close(folder)
  }

  /// The two ends of a new pipe, which programs started later do not inherit; nil on failure, with `errno`
  /// set.
  package static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard cPipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Waits at most `milliseconds` until bytes, or the end, can be read; false if there is neither.
  package static func waitToRead(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }

  /// The time in seconds of a clock that never goes backward.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The peak resident memory of the process, in bytes.
  package static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) * 1024
    #endif
  }

  /// The path of this program without symbolic links; nil when unknown.
  package static var executable: String? {
    #if canImport(Darwin)
      var count: UInt32 = 4096
      var buffer = [CChar](repeating: 0, count: Int(count))
      guard _NSGetExecutablePath(&buffer, &count) == 0 else { return nil }
      return buffer.withUnsafeBufferPointer { $0.baseAddress.flatMap { realPath(String(cString: $0)) } }
    #else
      return realPath("/proc/self/exe")
    #endif
  }

  /// The environment variables of this process, in the system's form.
  static var environmentPointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
      return _NSGetEnviron()?.pointee
    #else
      return environ
    #endif
  }
}

// Inside the enum, the C names would refer to its own members.
private func cRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
private func cPipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }

extension stat {
  /// When the contents were last changed.
  package var modified: timespec {
    #if canImport(Darwin)
      st_mtimespec
    #else
      st_mtim
    #endif
  }

  /// When contents, name or mode were last changed.
  package var changed: timespec {
    #if canImport(Darwin)
      st_ctimespec
    #else
      st_ctim
    #endif
  }
}
