import VisionSystem

/// Identifies a folder that was given instead of a file.
package enum ForeignFolder {
  /// The error for the folder at `path`; nil when there is none.
  ///
  /// - Parameter wanted: the wanted kind with its article, such as `an ONNX model`.
  package static func error(_ path: String, wanted: String) -> FormatError? {
    guard let names = names(in: path) else { return nil }
    func error(_ name: String, _ remedy: String) -> FormatError {
      FormatError(.isDirectory, "is the folder of \(name), not \(wanted)", file: path, remedy: remedy)
    }
    if names.contains("saved_model.pb") {
      return error(
        "a TensorFlow SavedModel",
        "convert it: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx")
    }
    if names.contains("Manifest.json"), names.contains("Data") {
      return error("a Core ML package", ForeignFile.exportAgain)
    }
    if names.contains("data.pkl") { return error("an unpacked PyTorch checkpoint", ForeignFile.exportTorch) }
    let models = names.filter { $0.hasSuffix(".onnx") }
    let remedy =
      models.isEmpty
      ? "give the path of a file"
      : "give the path of a model in it: \(models.prefix(3).joined(separator: ", "))\(models.count > 3 ? ", …" : "")"
    return FormatError(.isDirectory, "is a folder, not \(wanted)", file: path, remedy: remedy)
  }

  /// The names in a folder that are valid UTF-8, sorted; nil when it is not a readable folder.
  private static func names(in path: String) -> [String]? {
    guard let stream = opendir(path) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count < 10_000 {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if let name = String(validating: bytes, as: UTF8.self) { names.append(name) }
    }
    return names.sorted()
  }
}
