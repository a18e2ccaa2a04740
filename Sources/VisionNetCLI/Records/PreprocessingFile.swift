import VisionTraining
import VisionImage
import VisionNet
import VisionSystem

/// The argument of `--preprocessing`: the name of a preset, or a JSON file.
enum PreprocessingFile {
  /// The help of the option, the same for all commands.
  static let help = Setting<String?>.preprocessing.help

  /// The preset of that name, or the content of the file at that path. A file with the name of a preset is
  /// given as `./NAME`.
  ///
  /// - Throws: `ImageError`, whose place is the path with the key or the line in the file.
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
