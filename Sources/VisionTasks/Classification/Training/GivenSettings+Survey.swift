import VisionLayers
public import VisionData
import VisionGraph
public import VisionSystem
public import VisionTraining

/// What surveyed images decide of the settings of a network with random weights.
private struct ScratchDefaults: SurveyedData {
  let survey: FolderSurvey

  var samples: Int { survey.data.training.count }
  var root: String { survey.data.root }
  var isGray: Bool { survey.isGray }
  var architecture: String { ScratchNetwork.name(for: survey) }

  func imageSize(for architecture: String?) -> ImageSize { ScratchNetwork.size(for: survey, architecture) }

  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String, isNormalized: Bool) {
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
