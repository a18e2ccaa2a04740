#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes files that are seen whole or not at all.
enum AtomicFile {
  /// Writes a neighbour of `path` and renames it to `path`.
  ///
  /// Throws `unwritable`; then nothing is left behind and an older file stays as it was.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ImageError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ImageError(.unwritable, "not a file name", place: path)
    }
    var generator = SystemRandomNumberGenerator()
    var descriptor: Int32 = -1
    var temporary = ""
    for _ in 0..<16 {
      temporary = path + ".\(String(generator.next() as UInt64, radix: 36)).tmp"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 || errno != EEXIST { break }
    }
    guard descriptor >= 0 else { throw refusal(path, errno) }
    var written = 0
    var failure: Int32 = 0
    while written < bytes.count, let base = bytes.baseAddress {
      #if canImport(Glibc)
        let put = Glibc.write(descriptor, base + written, bytes.count - written)
      #elseif canImport(Musl)
        let put = Musl.write(descriptor, base + written, bytes.count - written)
      #else
        let put = Darwin.write(descriptor, base + written, bytes.count - written)
      #endif
      if put < 0 && errno == EINTR { continue }
      if put <= 0 {
        failure = errno
        break
      }
      written += put
    }
    if close(descriptor) != 0 && failure == 0 && errno != EINTR { failure = errno }
    if failure == 0 && rename(temporary, path) != 0 { failure = errno }
    if failure != 0 {
      unlink(temporary)
      throw refusal(path, failure)
    }
  }

  private static func refusal(_ path: String, _ number: Int32) -> ImageError {
    switch number {
    case ENOENT, ENOTDIR:
      ImageError(
        .unwritable, "the folder does not exist", place: path, remedy: "make the folder first")
    case EISDIR: ImageError(.isDirectory, "is a directory", place: path)
    default: ImageError(.unwritable, String(cString: strerror(number)), place: path)
    }
  }
}
