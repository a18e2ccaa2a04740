import VisionImage
import VisionNet
import VisionSystem

/// Images that are made of others and written to folders, under the names of those.
///
/// Two images with the same name, from two folders or of two formats, become `NAME` and `NAME-2`, in the order of the paths. Images
/// that are compressed with losses become JPEGs, others PNGs.
final class ImageOutputs: Sendable {
  private struct Names {
    var stems: [FilePath: String] = [:]
    /// In small letters, since some file systems do not tell them from large ones.
    var taken: Set<String> = []
  }

  private let folders: [String]
  private let options: ImageOptions
  private let names = Monitor(Names())

  /// Creates the folders.
  ///
  /// - Parameter options: how the originals are read.
  init(folders: [String], options: ImageOptions) throws(CommandError) {
    self.folders = folders
    self.options = options
    for folder in folders { try OutputNames([], in: folder).makeFolder() }
  }

  /// Gives the image a name. Called in the order of the paths, so that names do not depend on threads.
  ///
  /// - Throws: `CommandError` when the image lies in a folder that is written to, and could be overwritten.
  func expect(_ path: FilePath) throws(CommandError) {
    if path.content == nil, let folder = folders.first(where: { Self.isSame($0, Self.folder(of: path)) }) {
      throw CommandError(
        .usage, "the images themselves could be overwritten", place: FilePath(folder).printable,
        remedy: "give a folder other than that of the images")
    }
    let stem = Self.stem(path)
    names.withLock { names in
      guard names.stems[path] == nil else { return }
      var (name, number) = (stem, 1)
      while !names.taken.insert(name.lowercased()).inserted {
        number += 1
        name = "\(stem)-\(number)"
      }
      names.stems[path] = name
    }
  }

  /// The name of the files made of an image, without an extension.
  func stem(of path: FilePath) -> String {
    names.withLock { $0.stems[path] ?? Self.stem(path) }
  }

  /// The image in full size, though the network may have seen it smaller.
  func whole(_ path: FilePath, _ image: Image) throws(ImageError) -> Image {
    if image.width == image.wholeWidth, image.height == image.wholeHeight { return image }
    var options = options
    options.preprocessing = nil
    return try path.imageOrRemedy(options: options)
  }

  /// Writes an image made of the one at `path`.
  ///
  /// - Parameter name: the file in the folder, without an extension.
  func write(_ image: Image, to folder: String, _ name: String, madeOf path: FilePath) throws {
    let isTooLong = max(image.width, image.height) > 65500
    let isPhoto =
      switch ImageFormat(path: path.text) {
      case .jpeg, .webp, .heic, .avif: !isTooLong
      case .png, .tiff, .gif, .bmp, nil: false
      }
    let file = "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(name)"
    try image.write(to: file + (isPhoto ? ".jpg" : ".png"), quality: 93)
  }

  static func stem(_ path: FilePath) -> String {
    if path.content != nil { return "image" }
    let last = path.bytes.split(separator: UInt8(ascii: "/")).last ?? []
    let name = String(decoding: last, as: UTF8.self)
    let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
    return OutputNames.safe(stem)
  }

  private static func folder(of path: FilePath) -> String {
    guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == 0 ? "/" : String(decoding: path.bytes[..<slash], as: UTF8.self)
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }
}
