import VisionNet

/// The folder that a training run leaves its files in: new, outside the data, never one that holds something.
struct RunFolder {
  let path: String

  /// Finds a free name, or checks the one that is wanted; makes nothing yet.
  init(wanted: String?, data: ImageFolder) throws(CommandError) {
    if let wanted {
      guard !wanted.isEmpty else { throw CommandError(.usage, "--output wants the name of a folder") }
      switch FilePath(wanted).kind {
      case .missing: break
      case .file:
        throw CommandError(
          .inputOutput, "is a file, not a folder", place: wanted, remedy: "give the name of a new folder")
      case .directory:
        guard Self.isEmpty(wanted) else {
          throw CommandError(
            .inputOutput, "the folder is not empty, and nothing is overwritten", place: wanted,
            remedy: "give the name of a new folder")
        }
      }
      path = wanted
    } else {
      var number = 1
      while FilePath("runs/\(data.name)-\(number)").kind != .missing { number += 1 }
      path = "runs/\(data.name)-\(number)"
    }
    try Self.checkOutside(path, data.root)
  }

  /// Makes the folder and those above it.
  func make() throws(CommandError) {
    try OutputNames([], in: path).makeFolder()
    if access(path, W_OK | X_OK) != 0 {
      throw CommandError(
        .inputOutput, "cannot be written: \(POSIX.message(errno))", place: path,
        remedy: "give a folder that can be written by --output")
    }
  }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Writes a small file.
  func write(_ text: String, to name: String) throws {
    try Output(path: file(name)).write(text)
  }

  private static func isEmpty(_ path: String) -> Bool {
    guard let stream = opendir(path) else { return true }
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    return count <= 2
  }

  private static func checkOutside(_ path: String, _ data: String) throws(CommandError) {
    guard FilePath(data).kind == .directory, let data = real(data) else { return }
    // The nearest folder above that is there already.
    var above = path
    while real(above) == nil {
      guard let slash = above.lastIndex(of: "/") else {
        above = "."
        break
      }
      above = slash == above.startIndex ? "/" : String(above[..<slash])
    }
    guard let place = real(above) else { return }
    if place == data || place.hasPrefix(data == "/" ? data : data + "/") {
      throw CommandError(
        .usage, "the run's folder would lie inside the data", place: path,
        remedy: "give a folder elsewhere by --output")
    }
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
