import VisionSystem

extension AtomicFile {
  /// Writes a temporary file beside `path` and renames it to `path`.
  ///
  /// Throws `unwritable` or `isDirectory`; then no file is left behind, and an older file is unchanged.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ImageError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ImageError(.unwritable, "not a file name", place: path)
    }
    do throws(Failure) {
      // Not flushed: an image can be made again, and flushing would take longer than everything else.
      try write(to: path, isFlushed: false) { POSIX.writeAll(bytes, to: $0) }
    } catch { throw refusal(path, error.number) }
  }

  private static func refusal(_ path: String, _ number: Int32) -> ImageError {
    switch number {
    case ENOENT, ENOTDIR:
      ImageError(
        .unwritable, "the folder does not exist", place: path, remedy: "make the folder first")
    case EISDIR: ImageError(.isDirectory, "is a directory", place: path)
    default: ImageError(.unwritable, POSIX.message(number), place: path)
    }
  }
}
