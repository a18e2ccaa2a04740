import Foundation

/// A file system of a few kilobytes in memory, for what only a full disk can show.
final class TinyDisk: Sendable {
  let path: String

  /// Nil when this process may not mount one.
  init?(kilobytes: Int) {
    path = NSTemporaryDirectory() + "training-disk-\(UUID().uuidString)"
    #if os(Linux)
      guard mkdir(path, 0o777) == 0 else { return nil }
      guard mount("none", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
        rmdir(path)
        return nil
      }
    #else
      return nil
    #endif
  }

  deinit {
    #if os(Linux)
      umount2(path, Int32(MNT_DETACH))
      rmdir(path)
    #endif
  }

  /// Writes a file until there is no room left.
  func fill(_ file: String) {
    let descriptor = open(file, O_WRONLY | O_CREAT, 0o666)
    guard descriptor >= 0 else { return }
    let zeros = [UInt8](repeating: 0, count: 512)
    while write(descriptor, zeros, zeros.count) > 0 {}
    close(descriptor)
  }
}
