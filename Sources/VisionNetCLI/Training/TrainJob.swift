import VisionNet

/// A training job: settings, data, and the run to resume, if any.
struct TrainJob {
  var configuration: TrainConfiguration
  /// The path of a folder of class folders, or of a table.
  let data: String
  /// The run to resume; nil for a new run.
  let resumed: RunFolder?

  var isDryRun: Bool { configuration.isDryRun == true }
  var seed: UInt64 { configuration.seed ?? 0 }

  /// The folder of images, split according to the settings.
  func folder() throws(DatasetError) -> ImageFolder {
    let folder = try ImageFolder(
      data, validation: configuration.validation ?? 0.2, seed: seed, labelColumn: configuration.labelColumn)
    try folder.check()
    try folder.checkSingleLabel()
    return folder
  }

  /// Warns of settings that have no effect on this data.
  func warn(of folder: ImageFolder, _ messages: Messages) {
    if folder.split == .given, let part = configuration.validation, resumed == nil {
      messages.warning("the data has validation images of its own: --validation \(part) has no effect")
    }
  }

  /// The folder of the resumed run, or a new one.
  func run(_ folder: ImageFolder) throws(CommandError) -> RunFolder {
    if let resumed { return resumed }
    return try RunFolder(wanted: configuration.output, data: folder)
  }

  /// The job with its network determined.
  ///
  /// - Throws: an error if settings contradict each other or would have no effect.
  func checked() throws -> TrainJob {
    var job = self
    if configuration.isFromScratch == true {
      for name in configuration.given
      where ["model", "embedding", "preprocessing", "fine-tune", "cache"].contains(name) {
        throw ConfigurationError(
          .conflict, "\(name) means nothing to a network with random weights", place: "--\(name)",
          remedy: "leave it or from-scratch away")
      }
      return job
    }
    try job.resolveArchitecture()
    if let tuning = configuration.fineTuning, tuning != .none {
      guard configuration.findsRate != true else {
        throw ConfigurationError(
          .conflict, "the rate of fine-tuning is not searched for", place: "--find-lr",
          remedy: "leave it away, or train a whole network by --from-scratch")
      }
      return job
    }
    let idle = configuration.given(.learning) + (configuration.findsRate == true ? ["find-lr"] : [])
    guard idle.isEmpty else {
      throw ConfigurationError(
        .conflict,
        "\(idle.joined(separator: ", ")): of no effect on a new last layer, which is fitted to the end without steps",
        remedy: "leave \(idle.count == 1 ? "it" : "them") away, or train a whole network by --from-scratch")
    }
    return job
  }

  /// `--architecture` without `--from-scratch` means the pretrained model of that name.
  private mutating func resolveArchitecture() throws {
    guard configuration.isFromScratch != true, let name = configuration.architecture else { return }
    let architecture = try ScratchNetwork.architecture(name)
    guard ModelLocator(offline: true, messages: Messages()).isPublished(architecture.name) else {
      throw ConfigurationError(
        .conflict, "there are no pretrained weights of \(architecture.name)", place: "--architecture \(name)",
        remedy: "add --from-scratch, or start from another network by --model")
    }
    guard configuration.model == nil || configuration.model == architecture.name else {
      throw ConfigurationError(
        .conflict, "model and architecture name different networks", place: "--architecture \(name)",
        remedy: "leave one of them away")
    }
    configuration.model = architecture.name
    configuration.architecture = nil
  }
}
