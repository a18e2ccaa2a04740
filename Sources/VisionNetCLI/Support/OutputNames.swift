import VisionNet
import VisionSystem

/// The files to which the outputs of a graph are written.
struct OutputNames {
  let folder: String
  let paths: [(name: String, path: String)]

  /// The names come from unchecked model files: no path may leave the folder, and no two may be equal.
  init(_ names: [String], in folder: String) throws(CommandError) {
    self.folder = folder
    var taken: [String: String] = [:]
    var paths: [(String, String)] = []
    for name in names {
      let file = Self.fileName(name)
      if let other = taken[file] {
        throw CommandError(.data, "outputs '\(other)' and '\(name)' would both be written to \(file)")
      }
      taken[file] = name
      paths.append((name, folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"))
    }
    self.paths = paths
  }

  /// The names of the arrays in a file for all of them: those of the files without `.npy`.
  var files: [(name: String, file: String)] {
    paths.map { ($0.name, String(Self.fileName($0.name).dropLast(".npy".count))) }
  }

  /// Creates the folder and its parents.
  func makeFolder() throws(CommandError) {
    var partial = folder.utf8.first == UInt8(ascii: "/") ? "/" : ""
    for part in folder.utf8.split(separator: UInt8(ascii: "/")) {
      partial += String(decoding: part, as: UTF8.self)
      if mkdir(partial, 0o777) != 0 && errno != EEXIST {
        throw CommandError(.io, POSIX.message(errno), place: partial)
      }
      partial += "/"
    }
    guard FilePath(folder).kind == .directory else {
      throw CommandError(.io, "is not a folder", place: folder)
    }
  }

  static func fileName(_ name: String) -> String { safe(name) + ".npy" }

  /// A name for a file or folder that is neither hidden nor a path.
  static func safe(_ name: String) -> String {
    var safe = ""
    for scalar in name.unicodeScalars {
      let isBad = scalar == "/" || scalar.properties.generalCategory == .control
      safe.unicodeScalars.append(isBad ? "_" : scalar)
    }
    if safe.hasPrefix(".") { safe = "_" + safe.dropFirst() }
    // A file name holds 255 bytes, and the temporary file of a write needs some for its suffix.
    while safe.utf8.count > 200 { safe.removeLast() }
    return safe.isEmpty ? "_" : safe
  }
}
