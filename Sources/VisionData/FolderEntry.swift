import VisionImage
import VisionSystem
import VisionTensor

/// An entry of a folder.
package struct FolderEntry {
  package enum Kind { case file, folder }

  /// The bytes of the name, which need not be UTF-8.
  let bytes: [UInt8]
  let kind: Kind
  /// Whether it is reached through a symbolic link.
  let isLink: Bool
  /// The identity of the link's target or the entry itself; nil for a broken link.
  let identity: FileIdentity?

  /// The name, or nil when it is not UTF-8.
  var name: String? { String(validating: bytes, as: UTF8.self) }
  /// The name for messages.
  var printableName: String { String(decoding: bytes, as: UTF8.self) }
  var isHidden: Bool { bytes.first == UInt8(ascii: ".") }
  /// Whether it was left there by a system, a storage device or an archive program.
  var isLitter: Bool { kind == .folder ? LitterName.isFolder(bytes) : LitterName.isFile(bytes) }
  /// Whether it is ignored because of its name.
  var isLeftOut: Bool { isHidden || isLitter }

  /// The files and folders in `folder`, sorted by bytes; links are followed.
  static func list(_ folder: String) throws(DatasetError) -> [FolderEntry] {
    guard let stream = opendir(folder) else {
      let number = errno
      let isMissing = number == ENOENT
      throw DatasetError(
        isMissing ? .missing : .unreadable, isMissing ? "there is no such folder" : message(number),
        place: folder, remedy: isMissing ? "check the path" : "check who may read it")
    }
    defer { closedir(stream) }
    var entries: [FolderEntry] = []
    while let item = readdir(stream) {
      let bytes = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if bytes == [UInt8(ascii: ".")] || bytes == Array("..".utf8) { continue }
      var status = stat()
      let path = Array(folder.utf8) + [UInt8(ascii: "/")] + bytes + [0]
      let isLink = path.withUnsafeBytes {
        $0.withMemoryRebound(to: CChar.self) { name in
          name.baseAddress.map { lstat($0, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK } ?? false
        }
      }
      let isThere = path.withUnsafeBytes {
        $0.withMemoryRebound(to: CChar.self) { name in
          name.baseAddress.map { stat($0, &status) == 0 } ?? false
        }
      }
      guard isThere else {
        // A broken link is listed as a file, so that it is reported as missing.
        if isLink { entries.append(FolderEntry(bytes: bytes, kind: .file, isLink: true, identity: nil)) }
        continue
      }
      let identity = FileIdentity(status)
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        entries.append(FolderEntry(bytes: bytes, kind: .folder, isLink: isLink, identity: identity))
      case S_IFREG:
        entries.append(FolderEntry(bytes: bytes, kind: .file, isLink: isLink, identity: identity))
      default: continue
      }
    }
    return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The kind of entry at a path, following links; nil when there is none.
  package static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  static func message(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// Whether a file appears to be an image, judged by its extension or by its first bytes. Extensions of
  /// unsupported formats count, so that such files are reported.
  func isImage(in folder: String) -> Bool {
    if Self.hasImageEnding(bytes) { return true }
    guard let name else { return false }
    let descriptor = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: ImageFormat.beginningBytes)
    let count = read(descriptor, &head, head.count)
    return count > 0 && ImageFormat(beginning: Array(head[..<count])) != nil
  }

  /// Whether a name has the extension of an image format.
  static func hasImageEnding(_ name: [UInt8]) -> Bool {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return endings.contains(String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased())
  }

  private static let endings: Set<String> = [
    "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "webp", "tif", "tiff", "heic", "heif", "hif", "avif",
    "dib",
    "jp2",
  ]
}
