import VisionGraph
package import VisionModel
public import VisionSystem
import VisionTensor

/// Why a model cannot classify images, or did not classify one.
public struct ClassifierError: VisionError, Hashable {
  /// The kinds of error that classification adds to those of lower stages, with stable names for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// An error of a lower stage: `cause`.
    case cause
    /// Weights or results of the network are NaN or infinite.
    case notFinite
    /// It is unclear whether the network's outputs are logits or probabilities.
    case activation
    /// Labels are missing or too few.
    case labels
    /// The classes are not those of the model.
    case classes
    /// The network is not a classifier, or its quantization failed.
    case network
    /// There is no embedding.
    case embedding
    /// The preprocessing is missing.
    case preprocessing
    /// There are no images.
    case noImages
    /// An image has more than one label.
    case severalLabels
    /// The work was stopped before it was done.
    case interrupted

    public var blame: Blame { self == .interrupted ? .interruption : .data }
  }

  public let kind: Kind
  public let message: String
  public var place: String?
  public let remedy: String?
  public let cause: (any VisionError)?

  package init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
    cause = nil
  }

  /// An error of a lower stage, unchanged except that `place` is added when the error has none.
  package init(_ error: any VisionError, at place: String? = nil) {
    kind = .cause
    message = error.message
    self.place = error.place ?? place
    remedy = error.remedy
    cause = error
  }

  public static func == (a: ClassifierError, b: ClassifierError) -> Bool {
    (a.kind, a.code, a.message, a.place, a.remedy) == (b.kind, b.code, b.message, b.place, b.remedy)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(message)
  }

  /// Wraps any error; errors of VisionNet keep their code and message.
  package static func wrapping(_ error: any Error) -> ClassifierError {
    if let error = error as? ClassifierError { return error }
    if let error = error as? any VisionError { return ClassifierError(error) }
    return ClassifierError(.network, "\(error)")
  }

  /// The error for outputs of the network that cannot be used.
  package init(_ finding: ScoreCheck.Finding, output: String) {
    switch finding {
    case .notFinite:
      self.init(
        .notFinite, "the network's numbers are not finite: NaN or infinity", place: "output '\(output)'",
        remedy: "check that the preprocessing is the network's, and the weights")
    case .cannotTell, .alreadyProbabilities:
      self.init(
        .activation, "what the network's numbers are cannot be told", place: "output '\(output)'",
        remedy:
          "give the activation: softmax or sigmoid where they are logits, none where they are probabilities")
    case .noProbabilities:
      self.init(
        .activation, "the network's numbers are no probabilities: one is below 0 or above 1",
        place: "output '\(output)'", remedy: "give the activation: softmax or sigmoid")
    }
  }
}
