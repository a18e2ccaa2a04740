import VisionImage
import VisionNet
import VisionSystem

/// Images that are made of others and written to folders, under the names of those.
///
/// Two images with the same name, from two folders or of two formats, become `NAME` and `NAME-2`, in the order of the paths. Images
/// that are compressed with losses become JPEGs, others PNGs. Files of earlier calls are overwritten only by wish.
final class ImageOutputs: Sendable {
  private struct Names {
    var stems: [FilePath: String] = [:]
    /// In small letters, since some file systems do not tell them from large ones.
    var taken: Set<String> = []
    /// The files of this call.
    var written: Set<String> = []
  }

  private let folders: [String]
  private let overwrites: Bool
  private let options: ImageOptions
  private let names = Monitor(Names())

  /// Creates the folders.
  ///
  /// - Parameters:
  ///   - overwrites: whether files of earlier calls may be overwritten.
  ///   - options: how the originals are read.
  init(folders: [String], overwrites: Bool, options: ImageOptions) throws(CommandError) {
    (self.folders, self.overwrites) = (folders, overwrites)
    self.options = options
    for folder in folders { try OutputNames([], in: folder).makeFolder() }
  }

  /// Gives the image a name. Called in the order of the paths, so that names do not depend on threads.
  ///
  /// - Parameter folder: where an image of that name will be written; nil for none.
  /// - Throws: `CommandError` when the image lies in a folder that is written to, and could be overwritten, or a file of its name
  ///   is there already.
  func expect(_ path: FilePath, in folder: String? = nil) throws(CommandError) {
    if path.content == nil, let folder = folders.first(where: { Self.isSame($0, Self.folder(of: path)) }) {
      throw CommandError(
        .usage, "the images themselves could be overwritten", place: FilePath(folder).printable,
        remedy: "give a folder other than that of the images")
    }
    let stem = Self.stem(path)
    let isNew = names.withLock { names in
      guard names.stems[path] == nil else { return false }
      var (name, number) = (stem, 1)
      while !names.taken.insert(name.lowercased()).inserted {
        number += 1
        name = "\(stem)-\(number)"
      }
      names.stems[path] = name
      return true
    }
    guard isNew, let folder else { return }
    try check(Self.file(self.stem(of: path) + Self.ending(path), in: folder))
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
    let file = Self.file(name + (isTooLong ? ".png" : Self.ending(path)), in: folder)
    try check(file)
    names.withLock { _ = $0.written.insert(file) }
    try image.write(to: file, quality: 93)
  }

  /// The ending of what is made of an image, unless it is larger than a JPEG can be.
  private static func ending(_ path: FilePath) -> String {
    switch ImageFormat(path: path.text) {
    case .jpeg, .webp, .heic, .avif: ".jpg"
    case .png, .tiff, .gif, .bmp, nil: ".png"
    }
  }

  private static func file(_ name: String, in folder: String) -> String {
    "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(name)"
  }

  /// Throws for a file that another call has left.
  private func check(_ file: String) throws(CommandError) {
    guard !overwrites, FilePath(file).kind != .missing, !names.withLock({ $0.written.contains(file) }) else {
      return
    }
    throw CommandError(
      .io, "the file exists", place: FilePath(file).printable, remedy: "--force overwrites it")
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
