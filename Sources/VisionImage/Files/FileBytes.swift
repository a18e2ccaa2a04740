import VisionSystem
import VisionTensor

/// The bytes of a whole file.
///
/// They are copied instead of mapped: if another process truncated a mapped file, this process would crash.
package struct FileBytes: ~Copyable {
  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0
  private(set) var count = 0

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

  /// Reads a file of at most `limit` bytes. A longer file is rejected before it is read, unless its size is
  /// unknown.
  package init(path: String, limit: Int) throws(ImageError) {
    guard !path.utf8.contains(0) else { throw ImageError(.missing, "a path cannot hold a zero byte") }
    var descriptor: Int32
    repeat { descriptor = open(path, O_RDONLY | O_CLOEXEC) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw Self.refusal(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.refusal(path) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw ImageError(.isDirectory, "is a directory, not a file", place: path)
    }
    let size = Int(status.st_size)
    if size > limit { throw Self.tooLong(path, limit) }
    // One byte more than the size, so that the read that finds the end needs no larger block.
    try grow(to: max(size, 0) + 1, path)
    while true {
      if count == capacity { try grow(to: capacity < 1 << 16 ? 1 << 17 : capacity * 2, path) }
      guard let memory else { break }
      let got = read(descriptor, memory + count, capacity - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw Self.refusal(path) }
      if got == 0 { break }
      count += got
      if count > limit { throw Self.tooLong(path, limit) }
    }
  }

  deinit { free(memory) }

  private mutating func grow(to bytes: Int, _ path: String) throws(ImageError) {
    guard let grown = realloc(memory, bytes) else {
      throw ImageError(.outOfMemory, "no memory for \(bytes) bytes of file", place: path)
    }
    memory = grown
    capacity = bytes
  }

  private static func tooLong(_ path: String, _ limit: Int) -> ImageError {
    ImageError(
      .tooLarge, "the file has more than \(limit) bytes", place: path,
      remedy: "raise ImageOptions.maximumFileBytes")
  }

  private static func refusal(_ path: String) -> ImageError {
    let number = errno
    switch number {
    case ENOENT, ENOTDIR: return ImageError(.missing, "no such file", place: path)
    case EISDIR: return ImageError(.isDirectory, "is a directory, not a file", place: path)
    case EACCES, EPERM:
      return ImageError(
        .unreadable, "permission denied", place: path, remedy: "check who may read the file")
    default: return ImageError(.unreadable, String(cString: strerror(number)), place: path)
    }
  }
}
