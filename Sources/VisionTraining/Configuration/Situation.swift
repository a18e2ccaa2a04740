import VisionData
import VisionSystem

/// What the defaults of settings may depend on. Settings that stand earlier in the list are resolved already.
package struct Situation: Sendable {
  /// How a classifier is trained.
  package enum Recipe: String, Sendable, Hashable, CaseIterable {
    /// A new last layer on a pretrained network, fitted to the end without steps.
    case head
    /// The same, then blocks of the network by steps.
    case fineTune
    /// A network from random weights by steps.
    case scratch
  }

  package let recipe: Recipe
  /// The images to train on; 0 while the data is not known.
  package let samples: Int
  /// What the images are like, for a network with random weights; nil while that is not known.
  let survey: FolderSurvey?
  /// Whether the network has BatchNormalization, as pretrained ones have.
  var isNormalized = true
  var resolved: ResolvedSettings

  package init(_ recipe: Recipe, samples: Int = 0) {
    (self.recipe, self.samples, survey) = (recipe, samples, nil)
    resolved = ResolvedSettings(recipe)
  }

  /// Training a network from random weights on the surveyed images.
  init(_ survey: FolderSurvey) {
    (recipe, samples, self.survey) = (.scratch, survey.data.training.count, survey)
    resolved = ResolvedSettings(.scratch)
  }

  /// The choice of a setting that stands earlier in the list.
  subscript<Choice>(setting: Setting<Choice>) -> Choice { resolved[setting] }
}
