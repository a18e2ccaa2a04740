import VisionTraining
import VisionImage
import VisionNet
import VisionSystem

/// What `--preprocessing` takes: the name of a preset, or a file of JSON.
enum PreprocessingFile {
  /// The help of the option, the same for all commands.
  static let help = Setting<String?>.preprocessing.help

  /// The preset of that name, or what the file at that path holds; a file that is called as a preset is meant by `./NAME`.
  ///
  /// - Throws: `ImageError`, with the path, and in it the key or the line, as place.
  static func read(_ nameOrPath: String) throws(ImageError) -> PreprocessingSource {
    if let preset = PreprocessingPreset(rawValue: nameOrPath) { return .preset(preset) }
    let path = FilePath(nameOrPath)
    if path.kind == .missing, !nameOrPath.contains("/"), !nameOrPath.hasSuffix(".json") {
      do throws(ImageError) { return try PreprocessingSource(named: nameOrPath) } catch {
        throw ImageError(
          .missing, "neither a preset nor a file", place: path.printable,
          remedy: error.remedy)
      }
    }
    return try PreprocessingSource(contentsOf: nameOrPath)
  }
}
