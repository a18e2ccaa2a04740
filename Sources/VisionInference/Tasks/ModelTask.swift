public import VisionGraph
public import VisionModel
public import VisionTensor

/// What a model is for: how its subjects become tensors, and its outputs predictions.
///
/// A task is a value, made of what a model's file says.
public protocol ModelTask: Sendable {
  associatedtype Input: InputWriter
  associatedtype Prediction: Sendable

  /// The name in files and on command lines, such as `classification`.
  static var name: String { get }
  /// The columns of `Record.rows`.
  static var columns: [String] { get }
  /// The columns of `Record.summary`.
  static var summaryColumns: [String] { get }

  /// The task as the model's file says it.
  ///
  /// - Throws: a `VisionError` that says what the model lacks.
  init(_ model: Model) throws

  var input: Input { get }
  /// What `decode` reads, in this order.
  var outputs: [OutputRole] { get }

  /// The network that gives the outputs, in their order and nothing else, for any number of samples; of a model that takes images
  /// for those of its preprocessing. Unless a task has its own, the outputs are those that the model's signature gives the roles.
  ///
  /// - Throws: `GraphError` when the model has no output with a role.
  func graph(of model: Model) throws -> Graph

  /// The prediction for one sample.
  ///
  /// - Parameters:
  ///   - outputs: by their positions in `outputs`.
  ///   - context: what `input` gave when the sample was written.
  /// - Throws: a `VisionError` when the numbers cannot be used.
  func decode(_ outputs: borrowing OutputSlots, _ context: Input.Context) throws -> Prediction

  /// The prediction in words and numbers.
  func record(_ prediction: Prediction) -> Record
}

extension ModelTask {
  public static var summaryColumns: [String] { [] }

  public func graph(of model: Model) throws -> Graph {
    let signature = model.signature
    let graph = try model.preprocessing.map { try model.graph.bound(to: $0) } ?? model.graph
    let builder = GraphBuilder(extending: graph)
    for role in outputs {
      guard let value = graph.value(of: signature, role) else {
        throw GraphError(
          .structure, "the network has no output for the \(role.name)",
          remedy: "use a model that was made for \(Self.name)")
      }
      try builder.output(role.name, builder.value(value))
    }
    return try DeadNodeRemoval().run(builder.graph)
  }
}
