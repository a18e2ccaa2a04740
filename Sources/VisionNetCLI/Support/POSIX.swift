import VisionNet

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

  /// The most memory that the process has had, in megabytes.
  static var peakMegabytes: Int { peakBytes / 1_000_000 }

  /// The most memory that the process has had, in bytes.
  static var peakBytes: Int {
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
}
