public import VisionTraining
import VisionData
import VisionGraph
public import VisionLayers
public import VisionSystem
import VisionTensor

/// A network with random weights for surveyed images.
public struct ScratchNetwork: Sendable {
  let architecture: Architecture
  /// The size of the input.
  let size: ImageSize
  let graph: Graph

  /// The network that the settings name, for the classes of the images.
  ///
  /// - Throws: `TrainingError` with code `architecture` for an unknown architecture, and `network` for one
  ///   that cannot take the images.
  init(_ settings: ResolvedSettings, for survey: FolderSurvey) throws(TrainingError) {
    architecture = try Self.architecture(of: settings)
    guard let size = settings[.imageSize] else { throw Self.isPretrained }
    self.size = size
    do {
      graph = try Self.graph(architecture, size, survey)
    } catch {
      throw TrainingError(
        .network, "\(architecture.title) cannot take images of \(size.width)×\(size.height): \(error)",
        remedy: "give another --image-size, such as \(architecture.input.width)")
    }
  }

  private static let isPretrained = TrainingError(
    .settings, "the settings are those of a pretrained network")

  /// The architecture that the settings name.
  ///
  /// - Throws: `TrainingError` with code `settings` for those of a pretrained network.
  public static func architecture(of settings: ResolvedSettings) throws(TrainingError) -> Architecture {
    guard let name = settings[.architecture] else { throw isPretrained }
    return try architecture(name)
  }

  static func graph(_ architecture: Architecture, _ size: ImageSize, _ survey: FolderSurvey)
    throws(GraphError) -> Graph
  {
    try architecture.graph(
      classes: survey.data.labels.count, input: (survey.isGray ? 1 : 3, size.height, size.width))
  }

  /// The architecture with the given name, regardless of case, dashes and underscores: `mobilenetv2` is
  /// `mobilenet_v2`.
  ///
  /// - Throws: `TrainingError` with code `architecture` when there is none; it suggests similar names.
  public static func architecture(_ name: String) throws(TrainingError) -> Architecture {
    try Architecture.found(name)
  }
}
