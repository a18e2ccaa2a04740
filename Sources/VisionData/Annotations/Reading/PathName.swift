import VisionSystem

/// Paths as text, without a look at the disk.
enum PathName {
  /// The components of a path. By bytes, because a slash with a combining accent is a single character.
  static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// The path without `.` and without `..` after a folder's name.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    for part in path.utf8.split(separator: UInt8(ascii: "/")) {
      let part = Substring(part)
      if part == "." { continue }
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// The path below a folder; the path itself if it is elsewhere.
  static func relative(_ path: String, to folder: String) -> String {
    let (path, folder) = (normalized(path), normalized(folder))
    if folder == "." { return path }
    let start = folder == "/" ? folder : folder + "/"
    return path.utf8.starts(with: start.utf8)
      ? String(decoding: path.utf8.dropFirst(start.utf8.count), as: UTF8.self) : path
  }

  /// The last component.
  static func last(_ path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// The path without the extension of its last component.
  static func stem(_ path: String) -> String {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), dot > path.startIndex,
      !path[dot...].utf8.contains(UInt8(ascii: "/")),
      path.utf8[path.utf8.index(before: dot)] != UInt8(ascii: "/")
    else { return path }
    return String(path[..<dot])
  }

  /// The extension of the last component in lower case, without the dot.
  static func ending(_ path: String) -> String {
    let stem = stem(path)
    return stem.utf8.count == path.utf8.count
      ? "" : String(decoding: path.utf8.dropFirst(stem.utf8.count + 1), as: UTF8.self).lowercased()
  }
}
