#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Darwin
#endif

/// Names that a method of the same name would hide.
enum POSIX {
  /// Writes all bytes; the error number when the system refuses, else nil.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let put = write(descriptor, base + done, bytes.count - done)
      if put > 0 {
        done += put
      } else if put == 0 || errno != EINTR {
        return put == 0 ? EIO : errno
      }
    }
    return nil
  }

  static func message(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// Seconds of a clock that only goes forwards.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
