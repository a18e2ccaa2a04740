import VisionNet

/// A preprocessing in a JSON file.
enum PreprocessingFile {
  static func read(_ path: String) throws(ImageError) -> Preprocessing {
    let bytes = try FilePath(path).contents(limit: 1 << 20)
    do throws(ImageError) { return try Preprocessing(json: bytes) } catch {
      throw ImageError(
        error.kind, error.place.map { "\($0): \(error.message)" } ?? error.message, place: path,
        remedy: error.remedy)
    }
  }
}
