import VisionSystem
import VisionTensor

/// A regular file mapped read-only into memory for as long as this object, or a tensor created from it,
/// exists.
///
/// It cannot protect against another process that shortens the file meanwhile; VisionNet itself replaces
/// files only as a whole.
// Safe to share: the mapping is only read, and exists as long as this object.
public final class MappedFile: @unchecked Sendable {
  /// The path as given.
  public let path: String
  private let base: UnsafeRawPointer
  private let count: Int
  private let mapping: UnsafeMutableRawPointer?

  /// - Throws: `FormatError` when the file is missing, unreadable, or not a regular file.
  public init(_ path: String) throws(FormatError) {
    // Non-blocking, so that a named pipe is rejected below instead of waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FormatError.opening(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FormatError.opening(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FormatError(
        .isDirectory, "is a directory, not a file", file: path, remedy: "give the path of a file in it")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FormatError(.io, "is no regular file", file: path, remedy: "give the path of a file")
    }
    self.path = path
    self.count = Int(status.st_size)
    guard count > 0 else {
      self.mapping = nil
      self.base = UnsafeRawPointer(bitPattern: 64)!
      return
    }
    guard let memory = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
      throw FormatError(.io, "cannot be mapped: \(POSIX.lastError)", file: path)
    }
    self.mapping = memory
    self.base = UnsafeRawPointer(memory)
  }

  deinit { if let mapping { munmap(mapping, count) } }

  /// The number of bytes.
  public var byteCount: Int { count }

  /// Maps all pages that are in the system's cache at once instead of each at its first use. Does nothing on
  /// systems that do not support it.
  package func populate() {
    #if os(Linux)
      // MADV_POPULATE_READ, available since Linux 5.14; older systems return an error.
      if let mapping { _ = madvise(mapping, count, 22) }
    #endif
  }

  /// All bytes.
  package var bytes: ByteRange {
    ByteRange(UnsafeRawBufferPointer(start: base, count: count), owner: self, file: path)
  }
}

extension MappedFile: ReloadableBytes {
  package func giveBack(_ bytes: UnsafeRawBufferPointer) {
    guard let mapping, let start = bytes.baseAddress else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let offset = start - UnsafeRawPointer(mapping)
    guard page > 0, offset >= 0, offset + bytes.count <= count else { return }
    let first = (offset + page - 1) / page * page, end = (offset + bytes.count) / page * page
    // Only a hint, so errors are ignored.
    if end > first { _ = madvise(mapping + first, end - first, MADV_DONTNEED) }
  }
}
