import VisionImage
import VisionData
import VisionNet
import VisionSystem

/// The images below a folder, depth first, sorted bytewise by their whole paths.
///
/// Hidden entries and files that operating systems and storage devices leave behind are skipped. Links to
/// folders are followed, unless they lead to a folder that has already been read. A file counts as an image
/// if it begins like an image of a known format or has the extension of one, so damaged images are reported.
/// Only one folder is listed at a time; folders that have not been reached take no memory.
struct DirectoryWalk {
  /// Identifies a folder: two paths with equal values lead to the same folder.
  private struct Identity: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private struct Entry {
    let name: [UInt8]
    let isDirectory: Bool
    let isLink: Bool
    let identity: Identity
    /// A folder sorts as if its name ended with the slash that follows it.
    var key: [UInt8] { isDirectory ? name + [UInt8(ascii: "/")] : name }
  }

  private struct Level {
    let folder: FilePath
    /// In reverse order: the next entry is the last.
    var entries: [Entry]
  }

  private var levels: [Level] = []
  /// The folders that were entered.
  private var seen: Set<Identity> = []
  /// Names that were skipped, so that each is reported once.
  private var litter: Set<[UInt8]> = []
  /// Called for folders that cannot be read.
  private let report: (FilePath, String) -> Void
  /// Called for entries that are skipped.
  private let note: (FilePath, String) -> Void

  init(
    _ folder: FilePath, note: @escaping (FilePath, String) -> Void = { _, _ in },
    report: @escaping (FilePath, String) -> Void
  ) {
    self.report = report
    self.note = note
    seen = Self.line(to: folder)
    enter(folder)
  }

  /// The folder itself and all folders that contain it: a link to one of them leads in a circle.
  private static func line(to folder: FilePath) -> Set<Identity> {
    var (above, result, status) = (folder, Set<Identity>(), stat())
    while result.count < 256, above.withCString({ stat($0, &status) }) == 0,
      result.insert(Identity(status)).inserted
    {
      above = above.appending(Array("..".utf8))
    }
    return result
  }

  mutating func next() -> FilePath? {
    while let last = levels.indices.last {
      guard let entry = levels[last].entries.popLast() else {
        levels.removeLast()
        continue
      }
      let path = levels[last].folder.appending(entry.name)
      if entry.isDirectory {
        if entry.isLink, Self.line(to: levels[last].folder).contains(entry.identity) {
          note(path, "a link to a folder that it lies in, not followed")
        } else if seen.insert(entry.identity).inserted {
          enter(path)
        } else if entry.isLink {
          note(path, "a link to a folder that is read already, not followed")
        } else {
          note(path, "a link led to this folder before: its images come twice")
          enter(path)
        }
      } else if ImageName.matches(entry.name)
        || ImageSignature.matches(path.beginning(ImageFormat.beginningBytes))
      {
        return path
      }
    }
    return nil
  }

  private mutating func enter(_ folder: FilePath) {
    guard let opened = folder.withCString({ opendir($0) }), let stream = opened else {
      report(folder, POSIX.message(errno))
      return
    }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let item = readdir(stream) {
      let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name.first == UInt8(ascii: ".") { continue }
      if LitterName.isFolder(name) || LitterName.isFile(name) {
        if litter.insert(name).inserted {
          note(folder.appending(name), "left out wherever it is: of a system or a storage box")
        }
        continue
      }
      var status = stat()
      let path = folder.appending(name)
      guard path.withCString({ lstat($0, &status) }) == 0 else { continue }
      let isLink = status.st_mode & S_IFMT == S_IFLNK
      if isLink { guard path.withCString({ stat($0, &status) }) == 0 else { continue } }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      guard isDirectory || status.st_mode & S_IFMT == S_IFREG else { continue }
      entries.append(
        Entry(name: name, isDirectory: isDirectory, isLink: isLink, identity: Identity(status)))
    }
    let sorted = entries.map { ($0.key, $0) }.sorted { $1.0.lexicographicallyPrecedes($0.0) }
    levels.append(Level(folder: folder, entries: sorted.map(\.1)))
  }
}

/// Recognizes images by the first bytes of the file.
enum ImageSignature {
  static func matches(_ bytes: [UInt8]) -> Bool {
    ImageFormat(beginning: bytes) != nil
  }
}

/// Recognizes images by the extension of their name.
enum ImageName {
  static func matches(_ name: [UInt8]) -> Bool {
    ImageFormat(path: String(decoding: name, as: UTF8.self)) != nil
  }
}
