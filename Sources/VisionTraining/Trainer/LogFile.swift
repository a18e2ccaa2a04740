import VisionModel
import VisionSystem
import VisionTensor

/// A text file that grows at its end, in blocks.
final class LogFile {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// Bytes of the file and of what waits to be written.
  private(set) var count: Int

  private static let blockByteCount = 1 << 16

  /// Opens the file, or makes it, and cuts it back to `count` bytes.
  ///
  /// - Throws: `TrainingError` `io` or `diskFull`; `checkpoint` when the file is shorter.
  init(_ path: String, at count: Int) throws(TrainingError) {
    self.path = path
    self.count = count
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw TrainingError(FormatError.writing(path, "cannot be opened")) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, ftruncate(descriptor, off_t(min(count, Int(status.st_size)))) == 0,
      lseek(descriptor, 0, SEEK_END) >= 0
    else { throw TrainingError(FormatError.writing(path, "cannot be cut back")) }
    // Somebody took it away or shortened it: what is left is kept, and the rest is missing.
    self.count = min(count, Int(status.st_size))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func append(_ text: String) throws(TrainingError) {
    pending += text.utf8
    count += text.utf8.count
    if pending.count >= Self.blockByteCount { try write() }
  }

  /// Writes what waits; other processes see it then.
  func write() throws(TrainingError) {
    if let number = pending.withUnsafeBytes({ POSIX.writeAll($0, to: descriptor) }) {
      throw TrainingError(FormatError.writing(path, "cannot be written", number))
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes what waits and puts it on the disk.
  func flush() throws(TrainingError) {
    try write()
    // Not every file system can do that, and the bytes are with the system already.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw TrainingError(FormatError.writing(path, "cannot be flushed"))
    }
  }
}
