import VisionData
import VisionSystem

/// The facts on which defaults of settings depend. Settings earlier in the list are already resolved.
package struct Situation: Sendable {
  /// How a classifier is trained.
  package enum Recipe: String, Sendable, Hashable, CaseIterable {
    /// A new last layer on a pretrained network, fitted by logistic regression.
    case head
    /// The same, then gradient descent of blocks of the network.
    case fineTune
    /// Gradient descent of a network with random weights.
    case scratch
  }

  package let recipe: Recipe
  /// The number of training images; 0 while the data is not known.
  package let samples: Int
  /// The examined data, for a network with random weights; nil while it is not known.
  let survey: (any SurveyedData)?
  /// Whether the network has batch normalization; assumed of pretrained networks.
  var isNormalized = true
  var resolved: ResolvedSettings

  package init(_ recipe: Recipe, samples: Int = 0) {
    (self.recipe, self.samples, survey) = (recipe, samples, nil)
    resolved = ResolvedSettings(recipe)
  }

  /// Training a network from random weights on examined data.
  package init(_ survey: some SurveyedData) {
    (recipe, samples, self.survey) = (.scratch, survey.samples, survey)
    resolved = ResolvedSettings(.scratch)
  }

  /// The choice of a setting earlier in the list.
  subscript<Choice>(setting: Setting<Choice>) -> Choice { resolved[setting] }
}
