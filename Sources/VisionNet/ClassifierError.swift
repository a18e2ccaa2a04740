import VisionGraph
import VisionModel
import VisionSystem
import VisionTensor

/// Why a model cannot classify pictures, or did not classify one.
public struct ClassifierError: VisionError, Hashable {
  public let code: String
  public let message: String
  public let place: String?
  public let remedy: String?

  init(_ code: String, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  /// An error of a lower stage, as it stands.
  init(_ error: any VisionError) {
    self.init(error.code, error.message, place: error.place, remedy: error.remedy)
  }

  /// Why the numbers of an image cannot be used.
  init(_ finding: ScoreCheck.Finding, output: String) {
    switch finding {
    case .notFinite:
      self.init(
        Self.notFinite, "the network's numbers are not finite: NaN or infinity", place: "output '\(output)'",
        remedy: "check that the preprocessing is the network's, and the weights")
    case .cannotTell, .alreadyProbabilities:
      self.init(
        "activation", "what the network's numbers are cannot be told", place: "output '\(output)'",
        remedy:
          "give the activation: softmax or sigmoid where they are logits, none where they are probabilities")
    case .noProbabilities:
      self.init(
        "activation", "the network's numbers are no probabilities: one is below 0 or above 1",
        place: "output '\(output)'", remedy: "give the activation: softmax or sigmoid")
    }
  }

  /// The code of an image for which the network gives NaN or infinity.
  package static let notFinite = "notFinite"
}
