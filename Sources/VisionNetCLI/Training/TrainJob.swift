import VisionTasks
import VisionTraining
import VisionNet

/// A training job: settings, data, and the run to resume, if any.
struct TrainJob {
  let given: GivenSettings
  /// Every setting, those aside whose defaults depend on the data.
  let settings: ResolvedSettings
  /// A folder of class folders, or a table.
  let data: String
  /// The run to resume; nil for a new run.
  let resumed: RunFolder?
  /// How the results are written.
  var format = ReportFormat.text

  /// - Throws: for settings that contradict each other, or that would have no effect.
  init(_ given: GivenSettings, data: String, resumed: RunFolder? = nil) throws {
    let given = given[.isFromScratch] == true ? given : try Self.resolvingArchitecture(given)
    try given.check()
    self.given = given
    settings = try given.choices(in: Situation(given.recipe))
    (self.data, self.resumed) = (data, resumed)
  }

  /// Finds the images, split according to the settings, and the folder of the resumed run or of a new one, and
  /// says what there is.
  ///
  /// - Parameter naming: whether files that cannot be used are named.
  func begin(_ messages: Messages, naming: Bool) throws -> (data: ImageFolder, run: RunFolder) {
    let folder = try ImageFolder(
      data, validation: given[.validation], seed: settings[.seed], labelColumn: settings[.labelColumn])
    try folder.check()
    try folder.checkSingleLabel()
    let run = try resumed ?? RunFolder(wanted: settings[.output], name: folder.name, root: folder.root)
    DatasetText(folder).say(messages, naming: naming)
    if folder.split == .given, let part = given[.validation], resumed == nil {
      messages.warning("the data has validation images of its own: --validation \(part) has no effect")
    }
    return (folder, run)
  }

  /// `--architecture` without `--from-scratch` is the published model of that name.
  private static func resolvingArchitecture(_ given: GivenSettings) throws -> GivenSettings {
    guard let name = given[.architecture] else { return given }
    let architecture = try ScratchNetwork.architecture(name)
    guard ModelLocator(offline: true, messages: Messages()).isPublished(architecture.name) else {
      throw ConfigurationError(
        .conflict, "there are no pretrained weights of \(architecture.name)", place: "--architecture \(name)",
        remedy: "add --from-scratch, or start from another network by --model")
    }
    guard given[.model] == nil || given[.model] == architecture.name else {
      throw ConfigurationError(
        .conflict, "model and architecture name different networks", place: "--architecture \(name)",
        remedy: "omit one of them")
    }
    var given = given
    given[.model] = architecture.name
    given[.architecture] = nil
    return given
  }
}
