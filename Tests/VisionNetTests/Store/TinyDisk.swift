import Foundation

@testable import VisionNet

/// A file system of a few kilobytes in memory, for what only a full or read-only disk can show.
final class TinyDisk: Sendable {
  let path: String

  /// Whether this process may mount one: on Linux, as superuser, outside most containers.
  static let isAvailable: Bool = (try? TinyDisk(kilobytes: 64)) != nil

  struct Unavailable: Error {}

  init(kilobytes: Int) throws {
    path = NSTemporaryDirectory() + "visionnet-disk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "none", path) else {
      try FileManager.default.removeItem(atPath: path)
      throw Unavailable()
    }
  }

  deinit {
    _ = Self.run("umount", path)
    rmdir(path)
  }

  func makeReadOnly() throws {
    guard Self.run("mount", "-o", "remount,ro", path) else { throw Unavailable() }
  }

  private static func run(_ command: String, _ arguments: String...) -> Bool {
    let programs = ["/bin/\(command)", "/usr/bin/\(command)", "/sbin/\(command)"]
    guard geteuid() == 0, let program = programs.first(where: CacheFolder.exists) else { return false }
    let child = ChildProcess(program, arguments, environment: [:], directory: "/")
    return (try? child.run {})?.ending == .exited(0)
  }
}
