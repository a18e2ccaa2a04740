public import VisionData
public import VisionGraph
public import VisionImage
public import VisionInference
public import VisionModel
public import VisionSystem
public import VisionTensor

/// A task that networks can be trained for: what its truths are, how they become targets, and what is made small and counted.
///
/// A task of one's own is a type with these members; `TrainingRun` does the rest for each of them alike.
public protocol TrainableTask: ModelTask {
  associatedtype Truth: Annotation
  associatedtype Evaluator: TaskEvaluator<Prediction, Truth>

  /// The tensors that the objective compares the outputs with.
  var targets: [TensorSpec] { get }
  /// Writes what is true of a sample, by positions in `targets`.
  ///
  /// - Parameter truth: already where `placed` has brought it.
  /// - Throws: a `VisionError` for a truth that is none of the task's.
  func write(_ truth: Truth, into slots: borrowing TensorSlots) throws
  /// The truth in the network's input: for images, where the image went. By default as it is.
  func placed(_ truth: Truth, _ context: Input.Context) -> Truth
  /// Appends the layers that are the task's to what a network makes of the input, and gives its outputs by role, that of the
  /// objective among them.
  func head(on features: FeatureLevels) throws(GraphError) -> [OutputRole: Value]
  var objective: Objective { get }
  /// One that has counted nothing.
  func evaluator() -> Evaluator
  /// The path of the layers that `head` appends; they are what a stage that trains the head trains.
  static var headPath: String { get }
  /// The task's own part of a model's signature, from which `init(_:)` makes it again.
  var details: [String: JSON] { get }
  /// How images become the input; nil for tasks without images.
  var preprocessing: Preprocessing? { get }
  /// The names of the classes; empty where the task has none.
  var classes: [String] { get }
  /// The model of a network that was trained, with what follows from the numbers that `calibrate` has found: by default as it is.
  func finished(_ model: Model) throws(GraphError) -> Model
  /// Fits what is chosen after training, such as thresholds, to predictions that the network has not learned from.
  mutating func calibrate(_ held: [(prediction: Prediction, truth: Truth)]) throws
  /// The weights of the head for embeddings, N×E, found at once; nil where they are found by steps.
  func solveHead(_ embeddings: Tensor, _ truths: [Truth]) throws -> Parameters?
}

extension TrainableTask {
  public static var headPath: String { "head" }
  public var classes: [String] { [] }
  public var details: [String: JSON] { [:] }
  public var preprocessing: Preprocessing? { nil }
  public func placed(_ truth: Truth, _ context: Input.Context) -> Truth { truth }
  public func finished(_ model: Model) throws(GraphError) -> Model { model }
  public mutating func calibrate(_ held: [(prediction: Prediction, truth: Truth)]) throws {}
  public func solveHead(_ embeddings: Tensor, _ truths: [Truth]) throws -> Parameters? { nil }

  /// What a model of the task says of itself.
  ///
  /// - Parameter embedding: the name of the value that describes a sample.
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
