public import VisionData
public import VisionGraph
public import VisionImage
public import VisionInference
public import VisionLayers
public import VisionModel
public import VisionSystem
public import VisionTensor

/// A task that networks can be trained for: its truths, their targets, its objective and its scores.
///
/// A custom task is a type that conforms to this protocol; `TrainingRun` then trains networks for it.
public protocol TrainableTask: ModelTask {
  associatedtype Truth: Annotation
  associatedtype Evaluator: TaskEvaluator<Prediction, Truth>

  /// The target tensors of a sample.
  var targets: [TensorSpec] { get }
  /// Writes the targets of a sample into slots, in the order of `targets`.
  ///
  /// - Parameter truth: the truth as returned by `placed`.
  /// - Throws: a `VisionError` for a truth that does not fit the task.
  func write(_ truth: Truth, into slots: borrowing TensorSlots) throws
  /// The truth in coordinates of the network's input, such as boxes in the resized image; by default
  /// unchanged.
  func placed(_ truth: Truth, _ context: Input.Context) -> Truth
  /// The strides of the feature maps that `head` reads; by default none, where it reads the embedding.
  var strides: [Int] { get }
  /// Appends the task's layers to the features of a network, and returns the outputs by role, including that
  /// of the objective.
  func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value]
  var objective: Objective { get }
  /// The outputs that `prediction` reads, including that of the objective; by default those of `decode` and
  /// that one.
  var judged: [OutputRole] { get }
  /// The prediction for a sample that a network is judged by, before `calibrate`; by default that of `decode`.
  ///
  /// - Parameter outputs: in the order of `judged`.
  /// - Throws: a `VisionError` when the numbers cannot be used.
  func prediction(_ outputs: borrowing OutputSlots, _ context: Input.Context) throws -> Prediction
  /// A result of `prediction` with the values that `calibrate` has chosen; by default unchanged.
  func calibrated(_ prediction: Prediction) -> Prediction
  /// A new evaluator without predictions.
  func evaluator() -> Evaluator
  /// Metrics of batches by which epochs are evaluated where the validation samples are a `TensorSource`; nil
  /// to evaluate epochs by the evaluator.
  var metrics: [any Metric]? { get }
  /// The path of the layers that `head` appends, which are trained by stages of the part `head`.
  static var headPath: String { get }
  /// How fast the task's own layers learn on a pretrained network, which learns less fast the earlier its layers are;
  /// by default as fast as its last one would.
  static var headRate: Float { get }
  /// The task's own part of a model's signature, from which `init(_:)` restores it.
  var details: [String: JSON] { get }
  /// How images become the input; nil for tasks without images.
  var preprocessing: Preprocessing? { get }
  /// The names of the classes; empty for tasks without classes.
  var classes: [String] { get }
  /// The model of a trained network, completed with the results of `calibrate`; by default unchanged.
  func finished(_ model: Model) throws(GraphError) -> Model
  /// Fits values chosen after training, such as thresholds, to predictions for held-back samples.
  mutating func calibrate(_ held: [(prediction: Prediction, truth: Truth)]) throws
  /// The weights of the head, solved directly for embeddings N×E; nil if the head is trained by steps.
  func solveHead(_ embeddings: Tensor, _ truths: [Truth]) throws -> Parameters?
}

extension TrainableTask {
  public static var headPath: String { "head" }
  public static var headRate: Float { 1 }
  public var strides: [Int] { [] }
  public var classes: [String] { [] }
  public var details: [String: JSON] { [:] }
  public var preprocessing: Preprocessing? { nil }
  public var metrics: [any Metric]? { nil }
  public var judged: [OutputRole] {
    outputs.contains(objective.output) ? outputs : outputs + [objective.output]
  }
  public func prediction(_ outputs: borrowing OutputSlots, _ context: Input.Context) throws -> Prediction {
    try decode(outputs, context)
  }
  public func calibrated(_ prediction: Prediction) -> Prediction { prediction }
  public func placed(_ truth: Truth, _ context: Input.Context) -> Truth { truth }
  public func finished(_ model: Model) throws(GraphError) -> Model { model }
  public mutating func calibrate(_ held: [(prediction: Prediction, truth: Truth)]) throws {}
  public func solveHead(_ embeddings: Tensor, _ truths: [Truth]) throws -> Parameters? { nil }

  /// The signature of a model of the task.
  ///
  /// - Parameter embedding: the name of the value that is the embedding; nil for none.
  public func signature(embedding: String? = nil) -> Signature {
    Signature(
      task: Self.name, inputs: input.specs.map(\.name),
      outputs: ([objective.output] + outputs.filter { $0 != objective.output }).map { Signature.Output($0) }
        + (embedding.map { [Signature.Output(.embedding, $0)] } ?? []),
      classes: classes, head: Self.headPath, details: details)
  }
}

extension TrainableTask where Input.Context == InputGeometry {
  public func placed(_ truth: Truth, _ context: InputGeometry) -> Truth { truth.placed(by: context) }
}
