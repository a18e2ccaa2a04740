import VisionSystem
import VisionTensor

/// The folder of a model, and the files of external data in it that have been opened.
///
/// The cache of a model hub stores files under the hashes of their bytes and offers users a folder of links
/// to them. If the model's path is such a link, the folder of its target also belongs to the model. After all
/// links are resolved, a file of external data must lie in one of these two folders.
final class OnnxFolder {
  private let path: String
  /// The path of the model file.
  private let model: String
  private var files: [String: MappedFile] = [:]

  /// The paths of the opened files, sorted.
  var openedFiles: [String] { files.values.map(\.path).sorted() }

  /// - Parameter model: the path of the model file.
  init(model: String) {
    self.model = model
    path = POSIX.directory(of: model)
  }

  /// The bytes to which the entries `location`, `offset` and `length` of a tensor refer.
  func bytes(_ entries: [(key: String, value: String)], size: Int) throws(FormatError) -> ByteRange {
    func number(_ key: String) throws(FormatError) -> Int? {
      guard let text = entries.first(where: { $0.key == key })?.value else { return nil }
      guard let value = Int(text), value >= 0 else {
        throw FormatError(.corrupt, "external data has the \(key) '\(text)'")
      }
      return value
    }
    guard let location = entries.first(where: { $0.key == "location" })?.value else {
      throw FormatError(.corrupt, "external data names no file")
    }
    let file = try open(location)
    let offset = try number("offset") ?? 0
    let length = try number("length") ?? size
    guard length == size else {
      throw FormatError(
        .corrupt, "external data has \(length) bytes, but the tensor takes \(size)", file: file.path)
    }
    guard let bytes = file.bytes.slice(offset, length) else {
      throw FormatError(
        .truncated, "external data wants \(length) bytes, but the file has \(file.byteCount)",
        file: file.path, offset: offset, remedy: "fetch the file again")
    }
    return bytes
  }

  private func open(_ location: String) throws(FormatError) -> MappedFile {
    if let file = files[location] { return file }
    // Compares bytes: as characters, a slash with a combining accent would not be a slash, and texts with
    // different bytes can be equal.
    let bytes = location.utf8
    let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isInside =
      !bytes.isEmpty && !bytes.contains(0) && !bytes.contains(UInt8(ascii: "\\"))
      && components.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) }
    guard isInside else { throw escape(location) }
    let folders = realFolders
    // The folder of the given path first, because the files have their names there.
    let candidates = ["\(path)/\(location)"] + folders.dropFirst().map { "\($0)/\(location)" }
    guard let real = candidates.lazy.compactMap({ POSIX.realPath($0) }).first else {
      throw FormatError(
        .missing, "the file of external data '\(location)' is missing", file: candidates[0],
        remedy: "put it beside the model")
    }
    guard folders.contains(where: { real.utf8.starts(with: ($0 == "/" ? "/" : $0 + "/").utf8) }) else {
      throw escape(location)
    }
    let file = try MappedFile(real)
    files[location] = file
    return file
  }

  /// The folder of the model's path and, if that path is a link, the folder of its target.
  private var realFolders: [String] {
    var folders: [String] = []
    if let folder = POSIX.realPath(path) { folders.append(folder) }
    // Both paths are fully resolved, so they differ only if the model file itself is a link.
    if let file = POSIX.realPath(model), case let folder = POSIX.directory(of: file),
      !folders.contains(folder)
    {
      folders.append(folder)
    }
    return folders
  }

  private func escape(_ location: String) -> FormatError {
    FormatError(
      .unsupported, "external data '\(location)' lies outside the model's folder",
      remedy: "copy the model and its data into one folder")
  }
}
