import VisionTraining
import VisionData
import VisionGraph
public import VisionLayers
public import VisionSystem
import VisionTensor

/// A network with random weights for surveyed images, and the defaults of its architecture and size.
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
    guard let name = settings[.architecture], let size = settings[.imageSize] else {
      throw TrainingError(.settings, "the settings are those of a pretrained network")
    }
    architecture = try Self.architecture(name)
    self.size = size
    do {
      graph = try Self.graph(architecture, size, survey)
    } catch {
      throw TrainingError(
        .network, "\(architecture.title) cannot take images of \(size.width)×\(size.height): \(error)",
        remedy: "give another --image-size, such as \(architecture.input.width)")
    }
  }

  /// The default architecture: a small CNN for small gray images, ResNet-20 for small color images, ResNet-18
  /// for photos.
  static func name(for survey: FolderSurvey) -> String {
    guard size(for: survey).isSmall else { return "resnet18" }
    return survey.isGray ? "simple-cnn" : "resnet20"
  }

  /// The default input size for the images, or, if the architecture cannot take it, that of its publication.
  static func size(for survey: FolderSurvey, _ name: String?) -> ImageSize {
    let size = size(for: survey)
    guard let name, let architecture = try? architecture(name),
      (try? graph(architecture, size, survey)) == nil
    else { return size }
    return ImageSize(width: architecture.input.width, height: architecture.input.height)
  }

  /// The common size of the images, at least 8, if there is one and it is small; else 128, 64 or 32, for a
  /// median shorter side of at least 96, of at least 48, or below.
  private static func size(for survey: FolderSurvey) -> ImageSize {
    if let common = survey.commonSize, common.isSmall {
      return ImageSize(width: max(common.width, 8), height: max(common.height, 8))
    }
    return ImageSize(survey.shorterSide >= 96 ? 128 : survey.shorterSide >= 48 ? 64 : 32)
  }

  private static func graph(_ architecture: Architecture, _ size: ImageSize, _ survey: FolderSurvey)
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
    func plain(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != "_" } }
    if let found = Architecture.named(name)
      ?? Architecture.all.first(where: { plain($0.name) == plain(name) })
    {
      return found
    }
    let names = Architecture.all.map(\.name)
    let near = NearestNames.of(name, in: names)
    throw TrainingError(
      .architecture, "there is no architecture '\(NearestNames.printable(name))'",
      remedy: near.isEmpty
        ? "the architectures are \(names.joined(separator: ", "))"
        : "did you mean \(near.joined(separator: " or "))?")
  }
}
