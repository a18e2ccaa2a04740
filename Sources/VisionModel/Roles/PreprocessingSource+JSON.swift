public import VisionImage
import VisionSystem
import VisionTensor

extension PreprocessingSource {
  /// The maximum size in bytes.
  static let limit = 1 << 20

  /// Reads a preprocessing: VisionNet's own JSON, the `preprocessor_config.json` of an image processor of
  /// transformers, or the `config.json` of a timm model.
  ///
  /// The keys show which of them it is. The text may be UTF-8, with or without a byte order mark, or UTF-16.
  ///
  /// - Throws: `ImageError` with code `invalidPreprocessing` and the key, or line and column, as place: for
  ///   malformed JSON, unknown keys and values, and steps that VisionNet would do differently, such as
  ///   padding.
  public init(json bytes: [UInt8]) throws(ImageError) {
    guard bytes.count <= Self.limit else {
      throw ImageError(.invalidPreprocessing, "more than \(Self.limit) bytes of JSON")
    }
    guard let text = DecodedText.of(bytes) else {
      throw ImageError(
        .invalidPreprocessing, "the JSON is neither UTF-8 nor UTF-16 text", remedy: "save the file as UTF-8")
    }
    let json: JSONText
    do {
      json = try JSONText(ByteRange(Array(text.utf8)))
    } catch {
      let place = DecodedText.position(of: error.offset ?? 0, in: text)
      throw ImageError(
        .invalidPreprocessing, "malformed JSON: \(error.message)",
        place: "line \(place.line), column \(place.column)")
    }
    guard case .object = json else {
      throw ImageError(.invalidPreprocessing, "the JSON is no object", remedy: Self.remedy)
    }
    if TimmConfiguration.recognizes(json) {
      self = .exact(try TimmConfiguration(json).preprocessing())
    } else if HubImageProcessor.recognizes(json) {
      self = .exact(try HubImageProcessor(json).preprocessing())
    } else if json["version"] == nil, json["model_type"] != nil || json["architectures"] != nil {
      throw ImageError(
        .invalidPreprocessing, "is the configuration of a network and says nothing of its preprocessing",
        remedy: "give the preprocessor_config.json beside it")
    } else {
      self = .exact(try Preprocessing(json: text))
    }
  }

  /// Reads the file at `path`, like ``init(json:)``.
  public init(contentsOf path: String) throws(ImageError) {
    let bytes: [UInt8]
    do {
      let file = try FileBytes(path: path, limit: Self.limit)
      bytes = Array(file.bytes)
    } catch {
      guard error.kind == .isDirectory else { throw error }
      throw ImageError(.isDirectory, "is a folder, not a file", place: path)
    }
    do throws(ImageError) { try self.init(json: bytes) } catch {
      throw ImageError(
        error.kind, error.message, place: error.place.map { "\(path): \($0)" } ?? path, remedy: error.remedy)
    }
  }

  static let remedy =
    "give VisionNet's own JSON, a preprocessor_config.json of transformers or a config.json of timm"
}
