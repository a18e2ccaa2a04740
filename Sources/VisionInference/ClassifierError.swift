import VisionGraph
package import VisionModel
public import VisionSystem
import VisionTensor

/// Why a model cannot classify images, or did not classify one.
public struct ClassifierError: VisionError, Hashable {
  /// The kinds of error that classifying adds to those of the stages below, named stably for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// An error of a stage below: `cause`.
    case cause
    /// Numbers of the network, or its weights, are NaN or infinite.
    case notFinite
    /// What the numbers of the network are cannot be told.
    case activation
    /// Labels that are missing or too few.
    case labels
    /// Classes other than the model's.
    case classes
    /// A network that is no classifier, or whose quantization failed.
    case network
    /// There is no embedding.
    case embedding
    /// A preprocessing that is missing.
    case preprocessing
    /// There are no images.
    case noImages
    /// An image with more than one label.
    case severalLabels
    /// Ended before it was done.
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

  /// An error of a lower stage, as it stands but for where it was when that was not known yet.
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

  /// Any error: those of VisionNet as they stand.
  package static func wrapping(_ error: any Error) -> ClassifierError {
    if let error = error as? ClassifierError { return error }
    if let error = error as? any VisionError { return ClassifierError(error) }
    return ClassifierError(.network, "\(error)")
  }

  /// Why the numbers of an image cannot be used.
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
