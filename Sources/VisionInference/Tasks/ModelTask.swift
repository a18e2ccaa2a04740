public import VisionGraph
public import VisionModel
public import VisionTensor

/// A task of a model: how subjects become input tensors, and how outputs become predictions.
///
/// A task is a value that is made from a model's metadata.
public protocol ModelTask: Sendable {
  associatedtype Input: InputWriter
  associatedtype Prediction: Sendable

  /// The name in files and on command lines, such as `classification`.
  static var name: String { get }
  /// The columns of `Record.rows`.
  static var columns: [String] { get }
  /// The columns of `Record.summary`.
  static var summaryColumns: [String] { get }

  /// Makes the task from the model.
  ///
  /// - Throws: a `VisionError` that says what the model lacks.
  init(_ model: Model) throws

  var input: Input { get }
  /// The outputs that `decode` reads, in this order.
  var outputs: [OutputRole] { get }

  /// The network with exactly the outputs of `outputs`, in that order, for any number of samples. If the
  /// model's input is images, it is bound to the width and height of the preprocessing. By default, the
  /// model's signature assigns roles to outputs.
  ///
  /// - Throws: `GraphError` when the model has no output with a role.
  func graph(of model: Model) throws -> Graph

  /// The prediction for one sample.
  ///
  /// - Parameters:
  ///   - outputs: in the order of the task's `outputs`.
  ///   - context: the result of `input` when the sample was written.
  /// - Throws: a `VisionError` when the numbers cannot be used.
  func decode(_ outputs: borrowing OutputSlots, _ context: Input.Context) throws -> Prediction

  /// The prediction as words and numbers.
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
