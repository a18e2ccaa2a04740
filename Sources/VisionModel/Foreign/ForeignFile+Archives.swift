import VisionSystem
import VisionTensor

extension ForeignFile {
  /// Identifies zip archives by their contents.
  static func archive(_ bytes: ByteRange) -> ForeignFile? {
    guard ZipArchive.matches(bytes) else { return nil }
    guard let archive = try? ZipArchive(bytes) else {
      let isCheckpoint = firstEntry(bytes)?.hasSuffix("/data.pkl") ?? false
      return ForeignFile(
        "\(isCheckpoint ? "a PyTorch checkpoint" : "a zip archive") that is cut off or damaged",
        "fetch the file again\(isCheckpoint ? "; then \(exportTorch)" : "")")
    }
    let names = archive.entries.map(\.name)
    return framework(Set(names)) ?? contents(names)
  }

  private static func framework(_ names: Set<String>) -> ForeignFile? {
    /// Whether the archive's top folder contains a file of that name, as in PyTorch's archives.
    func has(_ name: String) -> Bool {
      names.contains { $0.hasSuffix("/\(name)") && $0.utf8.count { $0 == UInt8(ascii: "/") } == 1 }
    }
    if has("constants.pkl"), names.contains(where: { $0.contains("/code/") }) {
      return ForeignFile(
        "a TorchScript model", "load it with torch.jit.load and write it with torch.onnx.export")
    }
    if has("data.pkl") { return ForeignFile("a PyTorch checkpoint", exportTorch, tensors: .pytorch) }
    if names.contains(where: { $0.hasSuffix("archive_format") })
      || names.contains("serialized_exported_program.json")
    {
      return ForeignFile(
        "a program of torch.export", "load it with torch.export.load and write it with torch.onnx.export")
    }
    if names.contains("config.json"), names.contains("model.weights.h5") || names.contains("metadata.json") {
      return ForeignFile(
        "a Keras model", "export it with Keras: model.export(\"model.onnx\", format=\"onnx\")")
    }
    if names.contains(where: { $0.hasPrefix("MAR-INF/") }) {
      return ForeignFile(
        "a TorchServe archive", "unpack it, and write the model in it with torch.onnx.export")
    }
    return nil
  }

  private static func contents(_ names: [String]) -> ForeignFile {
    let models = names.filter { $0.lowercased().hasSuffix(".onnx") && !$0.hasPrefix("__MACOSX") }
    if let model = models.first {
      let more = models.count > 1 ? " and \(models.count - 1) more" : ""
      return ForeignFile("a zip archive that holds \(model)\(more)", "unpack it, and give the model in it")
    }
    if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
      return ForeignFile(
        "NumPy arrays (.npz)", "give a model; arrays are what a model computes on", tensors: .npz)
    }
    if names.contains(where: { $0.hasSuffix("saved_model.pb") }) {
      return ForeignFile(
        "a zip archive that holds a TensorFlow SavedModel",
        "unpack it and convert it: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx")
    }
    if names.contains(where: { $0.contains(".mlpackage/") || $0.hasSuffix(".mlmodel") }) {
      return ForeignFile("a zip archive that holds a Core ML model", exportAgain)
    }
    if names.contains(where: { $0.hasSuffix(".dist-info/METADATA") }) {
      return ForeignFile("a Python wheel", "unpack it, and give the model in it")
    }
    return ForeignFile("a zip archive", "unpack it, and give the model in it")
  }

  /// The name of the first entry, from its local header.
  private static func firstEntry(_ bytes: ByteRange) -> String? {
    bytes.integer(26, as: UInt16.self).flatMap { bytes.slice(30, Int($0)) }?.string
  }
}
