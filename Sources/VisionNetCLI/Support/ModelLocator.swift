import VisionNet

/// Finds what `--model` means: a file, or a published model, which is pulled when it is not there.
struct ModelLocator {
  static let standardModel = "efficientnet-lite0"

  let offline: Bool
  let messages: Messages

  /// The path of the model's file.
  func path(of nameOrPath: String) throws(StoreError) -> String {
    // A path needs neither a home folder nor a manifest.
    if nameOrPath.contains("/"), FilePath(nameOrPath).kind != .missing { return nameOrPath }
    let meter = PullMeter(nameOrPath, messages: messages)
    defer { meter.end() }
    return try PretrainedStore.standard().resolve(nameOrPath, offline: offline) { meter.show($0) }
  }

  func isPublished(_ name: String) -> Bool { published(name) != nil }

  /// The published preprocessing of a model, without the model itself; nil for files.
  func preprocessing(of name: String) -> Preprocessing? { published(name)?.preprocessing }

  private func published(_ name: String) -> PretrainedModel? {
    (try? PretrainedManifest.standard())?.models.first { $0.name == name }
  }
}
