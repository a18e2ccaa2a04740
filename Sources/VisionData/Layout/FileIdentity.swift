import VisionSystem
import VisionTensor

/// Identifies a file or folder independently of its path: by device and inode number.
struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let number: UInt64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// The identity of the entry at `path`, following links; nil when there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The identities of a folder and of all folders that contain it; a link below it to one of them forms a
  /// cycle.
  static func line(to folder: String) -> Set<FileIdentity> {
    var (path, result) = (folder, Set<FileIdentity>())
    while result.count < 256, let identity = FileIdentity(path: path), result.insert(identity).inserted {
      path += "/.."
    }
    return result
  }

  /// Whether a link leads to a folder that contains the link itself.
  static func isCircle(_ link: String, _ target: FileIdentity?) -> Bool {
    guard let target, let slash = link.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
    return line(to: slash == link.startIndex ? "/" : String(link[..<slash])).contains(target)
  }
}
