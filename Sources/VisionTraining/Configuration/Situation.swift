import VisionData
import VisionSystem

/// The facts on which defaults of settings depend. Settings earlier in the list are already resolved.
package struct Situation: Sendable {
  /// How a network is trained: a classifier in one of three ways, or a detector.
  package enum Recipe: String, Sendable, Hashable, CaseIterable {
    /// A new last layer on a pretrained network, fitted by logistic regression.
    case head
    /// The same, then gradient descent of blocks of the network.
    case fineTune
    /// Gradient descent of a network with random weights.
    case scratch
    /// Gradient descent of a detector, from a pretrained network or from random weights.
    case detector
  }

  package let recipe: Recipe
  /// The number of training images; 0 while the data is not known.
  package let samples: Int
  /// The part of the images that is held back for validation, in 0..<1.
  let heldBack: Double
  /// The examined data, for a network with random weights or a detector; nil while it is not known.
  let survey: (any SurveyedData)?
  /// Whether the network has batch normalization; assumed of pretrained networks.
  var isNormalized = true
  var resolved: ResolvedSettings

  package init(_ recipe: Recipe, samples: Int = 0, heldBack: Double = HeldBack.share(of: 0)) {
    (self.recipe, self.samples, self.heldBack, survey) = (recipe, samples, heldBack, nil)
    resolved = ResolvedSettings(recipe)
  }

  /// Training on examined data.
  package init(_ survey: some SurveyedData, _ recipe: Recipe = .scratch) {
    (self.recipe, samples, heldBack, self.survey) = (recipe, survey.samples, survey.heldBack, survey)
    resolved = ResolvedSettings(recipe)
  }

  /// The choice of a setting earlier in the list.
  package subscript<Choice>(setting: Setting<Choice>) -> Choice { resolved[setting] }
}
