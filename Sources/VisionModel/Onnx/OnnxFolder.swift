import VisionSystem
import VisionTensor

/// The folder of a model, and the files of external data in it that were opened so far.
///
/// A model hub's cache keeps files under the hashes of their bytes and gives people a folder of links to them. Where the
/// model's path is such a link, the folder of the file that it leads to is the model's too; what a file of external data
/// finally is must lie in one of the two, by whatever links it is reached.
final class OnnxFolder {
  private let path: String
  /// The path of the model file.
  private let model: String
  private var files: [String: MappedFile] = [:]

  /// The files that were opened, sorted.
  var openedFiles: [String] { files.values.map(\.path).sorted() }

  /// - Parameter model: the path of the model file.
  init(model: String) {
    self.model = model
    path = POSIX.directory(of: model)
  }

  /// The bytes that the entries `location`, `offset` and `length` of a tensor name.
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
    // By bytes: a slash and an accent after it are one character, which is no slash, and texts that look alike are equal.
    let bytes = location.utf8
    let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isInside =
      !bytes.isEmpty && !bytes.contains(0) && !bytes.contains(UInt8(ascii: "\\"))
      && components.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) }
    guard isInside else { throw escape(location) }
    let folders = realFolders
    // The folder of links first: there the files have their names.
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

  /// The folder of the model's path, and the folder of the file where that path is a link.
  private var realFolders: [String] {
    var folders: [String] = []
    if let folder = POSIX.realPath(path) { folders.append(folder) }
    // Both links of folders on the way and of the file itself are resolved, so that only the latter give another folder.
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
