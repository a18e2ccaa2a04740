import VisionNet

/// The pictures below a folder: depth first, sorted as their whole paths would be, byte by byte.
///
/// Hidden entries are left out, links to folders are not followed. A file counts as a picture when its first bytes
/// are those of a PNG or a JPEG, or its name says so, so that damaged pictures are told of. One folder is listed at a
/// time; what has not been reached takes no memory.
struct DirectoryWalk {
  private struct Entry {
    let name: [UInt8]
    let isDirectory: Bool
    /// A folder sorts as if its name ended with the slash that follows.
    var key: [UInt8] { isDirectory ? name + [UInt8(ascii: "/")] : name }
  }

  private struct Level {
    let folder: FilePath
    /// Last one first.
    var entries: [Entry]
  }

  private var levels: [Level] = []
  /// Told of folders that cannot be read.
  private let report: (FilePath, String) -> Void

  init(_ folder: FilePath, report: @escaping (FilePath, String) -> Void) {
    self.report = report
    enter(folder)
  }

  mutating func next() -> FilePath? {
    while let last = levels.indices.last {
      guard let entry = levels[last].entries.popLast() else {
        levels.removeLast()
        continue
      }
      let path = levels[last].folder.appending(entry.name)
      if entry.isDirectory {
        enter(path)
      } else if PictureName.matches(entry.name) || PictureSignature.matches(path.beginning(8)) {
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
      var status = stat()
      let path = folder.appending(name)
      guard path.withCString({ lstat($0, &status) }) == 0 else { continue }
      let isLink = status.st_mode & S_IFMT == S_IFLNK
      if isLink { guard path.withCString({ stat($0, &status) }) == 0 else { continue } }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      guard isDirectory ? !isLink : status.st_mode & S_IFMT == S_IFREG else { continue }
      entries.append(Entry(name: name, isDirectory: isDirectory))
    }
    let sorted = entries.map { ($0.key, $0) }.sorted { $1.0.lexicographicallyPrecedes($0.0) }
    levels.append(Level(folder: folder, entries: sorted.map(\.1)))
  }
}

/// Pictures told by the first bytes of the file.
enum PictureSignature {
  static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      || bytes.starts(with: [0xff, 0xd8, 0xff])
  }
}

/// Pictures told by the end of their name.
enum PictureName {
  static func matches(_ name: [UInt8]) -> Bool {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let end = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    return ["png", "jpg", "jpeg", "jpe", "jfif"].contains(end)
  }
}
