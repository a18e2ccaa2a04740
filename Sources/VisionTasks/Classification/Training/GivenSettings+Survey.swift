import VisionLayers
public import VisionData
import VisionGraph
public import VisionSystem
public import VisionTraining

/// What surveyed images decide of the settings of a network with random weights.
private struct ScratchDefaults: SurveyedData {
  let survey: FolderSurvey

  var samples: Int { survey.data.training.count }
  var heldBack: Double { survey.data.fraction }
  var root: String { survey.data.root }
  var isGray: Bool { survey.isGray }
  /// A small CNN for small gray images, ResNet-20 for small color images, ResNet-18 for photos.
  var architecture: String { size.isSmall ? isGray ? "simple-cnn" : "resnet20" : "resnet18" }

  /// The size that suits the images, or, if the architecture cannot take it, that of its publication.
  func imageSize(for architecture: String?) -> ImageSize {
    guard let architecture, let network = try? ScratchNetwork.architecture(architecture),
      (try? ScratchNetwork.graph(network, size, survey)) == nil
    else { return size }
    return ImageSize(width: network.input.width, height: network.input.height)
  }

  /// The common size of the images, at least 8, if there is one and it is small; else 128, 64 or 32, for a
  /// median shorter side of at least 96, of at least 48, or below.
  private var size: ImageSize {
    if let common = survey.commonSize, common.isSmall {
      return ImageSize(width: max(common.width, 8), height: max(common.height, 8))
    }
    return ImageSize(survey.shorterSide >= 96 ? 128 : survey.shorterSide >= 48 ? 64 : 32)
  }

  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String?, isNormalized: Bool) {
    let network = try ScratchNetwork(settings, for: survey)
    return (
      network.architecture.name, network.graph.nodes.contains { $0.operation is BatchNormalization }
    )
  }
}

extension GivenSettings {
  /// Every setting for training from random weights on surveyed images.
  ///
  /// - Throws: `TrainingError`: `settings` if two settings contradict each other, `architecture` for an
  ///   unknown network, `network` for one that cannot take the images.
  public func resolved(for survey: FolderSurvey) throws(TrainingError) -> ResolvedSettings {
    var given = self
    given[.isFromScratch] = true
    return try given.resolved(in: Situation(ScratchDefaults(survey: survey)))
  }
}
