import VisionTraining
import VisionStore
import VisionNet
import VisionSystem

/// Finds the model that `--model` means: a file, the folder of a run, or a pretrained model, which is pulled if it is
/// not on this machine.
struct ModelLocator {
  static let standardModel = Setting<String>.standardModel

  /// The names of pretrained models by the paths of their files, as far as this process has looked them up.
  private static let names = Locked([String: String]())

  let offline: Bool
  let messages: Messages

  /// The path of the model's file.
  func path(of nameOrPath: String) throws(StoreError) -> String {
    // A path needs neither a home folder nor a manifest.
    let kind = FilePath(nameOrPath).kind
    if nameOrPath.contains("/"), kind == .file { return nameOrPath }
    if kind == .directory, nameOrPath.contains("/") || !isPublished(nameOrPath) {
      return try Self.model(ofRun: nameOrPath)
    }
    if kind == .missing, !isPublished(nameOrPath), let architecture = Architecture.named(nameOrPath) {
      throw untrained(architecture)
    }
    let meter = PullMeter(nameOrPath, messages: messages)
    defer { meter.end() }
    let path = try PretrainedStore.standard().resolve(nameOrPath, offline: offline) { meter.show($0) }
    if path != nameOrPath { Self.names.withLock { $0[path] = nameOrPath } }
    return path
  }

  /// The text with the names that were given for pretrained models in the place of paths in the cache.
  static func naming(_ text: String) -> String {
    names.withLock { $0 }.reduce(text) { replacing($0, $1.key, by: $1.value) }
  }

  static func replacing(_ text: String, _ path: String, by name: String) -> String {
    guard !path.isEmpty else { return text }
    var (result, rest) = ("", text[...])
    while let found = rest.firstRange(of: path) {
      result += rest[..<found.lowerBound] + name
      rest = rest[found.upperBound...]
    }
    return result + rest
  }

  /// The model in the folder of a run.
  private static func model(ofRun path: String) throws(StoreError) -> String {
    let model = path.hasSuffix("/") ? path + RunFolder.modelName : "\(path)/\(RunFolder.modelName)"
    guard FilePath(model).kind == .file else {
      throw StoreError(
        .missing, "the folder has no \(RunFolder.modelName)", place: path,
        remedy: "give an ONNX file, or the folder of a run that has ended")
    }
    return model
  }

  private func untrained(_ architecture: Architecture) -> StoreError {
    let names = (try? PretrainedManifest.standard())?.models.map(\.name) ?? []
    return StoreError(
      .unknownModel, "there are no pretrained weights of \(architecture.name)",
      remedy: "pretrained are \(names.joined(separator: ", ")); on images of your own it is trained by "
        + "visionnet train DATA --from-scratch --architecture \(architecture.name)")
  }

  func isPublished(_ name: String) -> Bool { published(name) != nil }

  /// The preprocessing of a pretrained model, found without the model itself; nil for files.
  func preprocessing(of name: String) -> Preprocessing? { published(name)?.preprocessing }

  private func published(_ name: String) -> PretrainedModel? {
    (try? PretrainedManifest.standard())?.models.first { $0.name == name }
  }
}
