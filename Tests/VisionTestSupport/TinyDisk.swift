import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A file system of a few kilobytes in memory, for what only a full or read-only disk can show.
public final class TinyDisk: Sendable {
  public let path: String

  /// Whether this process may mount one: on Linux, as superuser, outside most containers.
  public static let isAvailable: Bool = TinyDisk(kilobytes: 64) != nil

  /// Nil when this process may not mount one.
  public init?(kilobytes: Int) {
    path = NSTemporaryDirectory() + "visionnet-disk-\(UUID().uuidString)"
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

  /// Whether nothing can be written any more.
  public func makeReadOnly() -> Bool { remount(UInt(1), "") }

  /// Gives it another size; false when it holds more.
  public func resize(kilobytes: Int) -> Bool { remount(0, "size=\(kilobytes)k") }

  /// Writes a file until there is no room left.
  public func fill(_ file: String) {
    let descriptor = open(file, O_WRONLY | O_CREAT, 0o666)
    guard descriptor >= 0 else { return }
    let zeros = [UInt8](repeating: 0, count: 512)
    while write(descriptor, zeros, zeros.count) > 0 {}
    close(descriptor)
  }

  /// - Parameter flags: of the mount; 1 is read-only.
  private func remount(_ flags: UInt, _ options: String) -> Bool {
    #if os(Linux)
      // MS_REMOUNT is 32.
      return mount("none", path, "tmpfs", flags | 32, options) == 0
    #else
      return false
    #endif
  }
}
