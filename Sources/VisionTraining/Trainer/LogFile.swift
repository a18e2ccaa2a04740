import VisionModel
import VisionSystem
import VisionTensor

/// A text file that is appended to in blocks.
final class LogFile {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// The bytes of the file, including those not yet written.
  private(set) var count: Int

  private static let blockByteCount = 1 << 16

  /// Opens or creates the file, and truncates it to `count` bytes; a shorter file is kept as it is.
  ///
  /// - Throws: `TrainingError` `io` or `diskFull`.
  init(_ path: String, at count: Int) throws(TrainingError) {
    self.path = path
    self.count = count
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw TrainingError(FormatError.writing(path, "cannot be opened")) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, ftruncate(descriptor, off_t(min(count, Int(status.st_size)))) == 0,
      lseek(descriptor, 0, SEEK_END) >= 0
    else { throw TrainingError(FormatError.writing(path, "cannot be cut back")) }
    // If the file was removed or shortened by others, the rest is kept.
    self.count = min(count, Int(status.st_size))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func append(_ text: String) throws(TrainingError) {
    pending += text.utf8
    count += text.utf8.count
    if pending.count >= Self.blockByteCount { try write() }
  }

  /// Writes the pending bytes, so that other processes can read them.
  func write() throws(TrainingError) {
    if let number = pending.withUnsafeBytes({ POSIX.writeAll($0, to: descriptor) }) {
      throw TrainingError(FormatError.writing(path, "cannot be written", number))
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes the pending bytes and flushes the file to disk.
  func flush() throws(TrainingError) {
    try write()
    // Not every file system supports it, and the system already has the bytes.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw TrainingError(FormatError.writing(path, "cannot be flushed"))
    }
  }
}
