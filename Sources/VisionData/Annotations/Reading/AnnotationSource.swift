import VisionImage
import VisionSystem
import VisionTensor

/// Files of annotations of one format, to be read together.
struct AnnotationSource {
  struct File {
    let path: String
    /// The part of the data that its name or its folder says.
    var part: DataPart?
  }

  var format: AnnotationFormat
  /// The folder below which the images lie.
  var root: String
  var files: [File]
  /// The folder below which the files lie; that of the images unless annotations lie elsewhere.
  var folder: String
  /// Whether the images are below the root alone, since the annotations lie elsewhere.
  var isElsewhere = false

  init(format: AnnotationFormat, root: String, files: [File]) {
    (self.format, self.root, self.files, folder) = (format, root, files, root)
  }

  /// The maximum size of a file that describes many images, in bytes.
  static let maximumBytes = 2 << 30
  /// The maximum size of a file that describes one image, which some programs embed, in bytes.
  static let maximumBytesPerImage = 256 << 20
  /// The maximum size of a configuration, in bytes.
  static let maximumConfigurationBytes = 4 << 20

  static func bytes(of path: String, limit: Int = maximumBytes) throws(DatasetError) -> [UInt8] {
    do {
      let file = try FileBytes(path: path, limit: limit)
      return Array(file.bytes)
    } catch {
      let kind: DatasetError.Kind =
        error.kind == .missing ? .missing : error.kind == .tooLarge ? .annotations : .unreadable
      let message = error.kind == .tooLarge ? "the file has more than \(limit) bytes" : error.message
      throw DatasetError(kind, message, place: path)
    }
  }

  /// The text of a file in UTF-8 or UTF-16.
  static func text(of path: String, limit: Int) throws(DatasetError) -> String {
    let bytes = try bytes(of: path, limit: limit)
    do {
      return try DecodedText(bytes).string
    } catch {
      throw DatasetError(.annotations, error.message, place: "\(path), line \(error.line)")
    }
  }

  /// JSON in UTF-8; UTF-16 is converted.
  static func json(of path: String, limit: Int) throws(DatasetError) -> JSONReader {
    let bytes = try bytes(of: path, limit: limit)
    guard bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) else {
      return JSONReader(bytes, place: path)
    }
    guard let text = DecodedText.of(bytes) else {
      throw DatasetError(.annotations, "the file is not text in UTF-16", place: path)
    }
    return JSONReader(Array(text.utf8), place: path)
  }

  /// The part that the name of a file below the root says, or the folder around it: `instances_val2017.json`,
  /// `valid/x.json`.
  static func part(of relative: String) -> DataPart? {
    let components = PathName.components(relative)
    guard let last = components.last else { return nil }
    for word in PathName.stem(last).split(whereSeparator: { "_-. ".contains($0) }).reversed() {
      if let part = DataPart(String(word)) { return part }
    }
    return components.dropLast().reversed().lazy.compactMap { DataPart($0) }.first
  }
}
