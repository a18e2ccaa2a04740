public import VisionGraph
public import VisionImage
public import VisionInference
public import VisionModel
import VisionSystem
public import VisionTensor

/// The task of classifying an image: into one class, or into several that are independent of one another.
public struct Classification: ModelTask {
  public static let name = Signature.classification
  public static let columns = ["rank", "label", "index", "probability"]
  public static let summaryColumns = ["unknown"]

  public let input: ImageInputWriter
  /// The names of the classes, in the order of the network's outputs.
  public let labels: [String]
  /// The probability below which the best class counts as unknown; nil where the model does not say.
  public internal(set) var threshold: Double?
  /// The divisor of the logits before softmax, until the division is part of the graph.
  var temperature = 1.0
  /// The loss of training.
  var loss: any LossOperator = SoftmaxCrossEntropy()
  /// The number of classes in a record.
  public var top = 5
  /// The roles of the network's input and outputs.
  package let roles: ClassifierRoles
  /// The graph for images with the width and height of the preprocessing.
  package let bound: Graph
  private let check: ScoreCheck

  /// - Throws: `ClassifierError` when the model is for another task, the network's input is not one image,
  ///   its output is not one number per class, or the preprocessing is missing; `labels` when there are too
  ///   few or too many.
  public init(_ model: Model) throws(ClassifierError) {
    guard model.task == Self.name else {
      throw ClassifierError(
        .network, "the model is for \(model.task), not for \(Self.name)",
        remedy: TaskCatalog.named(model.task) == nil
          ? "this version knows no such task: update VisionNet" : "use what is for that task")
    }
    guard let preprocessing = model.preprocessing else {
      throw ClassifierError(
        .preprocessing, "the model does not say how images become its input",
        remedy: "give a preprocessing that fits it: a name such as imagenet, or a JSON file")
    }
    do {
      bound = try model.graph.bound(to: preprocessing)
      roles = try ClassifierRoles(bound, of: model, preprocessing: preprocessing)
    } catch { throw ClassifierError.wrapping(error) }
    input = ImageInputWriter(roles.input, preprocessing)
    labels = try Self.labels(model.labels, roles)
    threshold = model.threshold
    check = ScoreCheck(roles)
  }

  /// The name of each class.
  ///
  /// A network with one number per image has two classes: either both are named, or only the second.
  private static func labels(_ given: [String], _ roles: ClassifierRoles) throws(ClassifierError) -> [String]
  {
    if given.isEmpty {
      return roles.isBinary ? ["negative", "positive"] : (0..<roles.classes).map { "class \($0)" }
    }
    if roles.isBinary, given.count == 1 { return ["not \(given[0])", given[0]] }
    guard given.count == roles.classes else {
      throw ClassifierError(
        .labels, "there are \(given.count) labels for \(roles.classes) classes",
        remedy: "give one label a class, in the order of the outputs")
    }
    return given
  }

  /// The scores that the probabilities are computed from, where the probabilities can be checked only with
  /// them.
  private static let scores = OutputRole(kind: "scores")

  public var outputs: [OutputRole] { [.probabilities] + (roles.needsScores ? [Self.scores] : []) }

  public func graph(of model: Model) throws(GraphError) -> Graph {
    try roles.graph(bound, giving: .probabilities)
  }

  /// - Throws: `ClassifierError`: `notFinite`, and `activation` when it is unclear whether the outputs are
  ///   probabilities.
  public func decode(
    _ outputs: borrowing OutputSlots, _ geometry: InputGeometry
  ) throws(ClassifierError) -> ClassScores {
    let probabilities = outputs.floats(0)
    let scores = outputs.count > 1 ? outputs.floats(1) : UnsafeBufferPointer(start: nil, count: 0)
    switch check.finding(probabilities, scores: scores) {
    case nil: return ClassScores(probabilities: Array(probabilities))
    case .alreadyProbabilities?:
      guard roles.isAssumed else {
        return ClassScores(
          probabilities: Array(probabilities),
          remark: "softmax is applied, as was asked, to numbers that already lie between 0 and 1 and sum to 1"
        )
      }
      return ClassScores(
        probabilities: Array(scores),
        remark:
          "the numbers of the output '\(roles.output.name)' lie between 0 and 1 and sum to 1: they are treated as "
          + "probabilities as they are")
    case let finding?: throw ClassifierError(finding, output: roles.output.name)
    }
  }
}
