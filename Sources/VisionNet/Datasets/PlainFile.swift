#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files in a folder that nobody knows yet, so that they need neither be flushed nor renamed one by one.
enum PlainFile {
  /// Writes a file that is not there yet; 0, or the number of the system's error.
  static func write(_ bytes: [UInt8], to path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return errno }
    var number: Int32 = 0
    var done = 0
    while done < bytes.count, number == 0 {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        #if canImport(Glibc)
          return Glibc.write(descriptor, rest.baseAddress, rest.count)
        #elseif canImport(Musl)
          return Musl.write(descriptor, rest.baseAddress, rest.count)
        #else
          return Darwin.write(descriptor, rest.baseAddress, rest.count)
        #endif
      }
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        number = errno == 0 ? EIO : errno
      }
    }
    if close(descriptor) != 0 && number == 0 && errno != EINTR { number = errno }
    return number
  }

  /// Brings to the disk what was written; the names that follow then never stand for files without contents.
  static func flush() { sync() }
}
