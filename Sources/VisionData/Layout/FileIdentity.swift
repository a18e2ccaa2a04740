import VisionSystem
import VisionTensor

/// What makes two paths the same file or folder: its device and its number there.
struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let number: UInt64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// Of what `path` leads to, links followed; nil when there is nothing.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Those of a folder and of all that it lies in: a link below it that leads to one of them leads in a circle.
  static func line(to folder: String) -> Set<FileIdentity> {
    var (path, result) = (folder, Set<FileIdentity>())
    while result.count < 256, let identity = FileIdentity(path: path), result.insert(identity).inserted {
      path += "/.."
    }
    return result
  }

  /// Whether a link leads to a folder that it lies in itself, wherever the way to it came from.
  static func isCircle(_ link: String, _ target: FileIdentity?) -> Bool {
    guard let target, let slash = link.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
    return line(to: slash == link.startIndex ? "/" : String(link[..<slash])).contains(target)
  }
}
