public import VisionSystem

/// What a network is for, and which of its inputs and outputs mean what: all that a task needs beside the graph and the weights.
///
/// It stands in the model's file: for classifiers as labels, head, threshold and the names of outputs, for other tasks under
/// `visionnet.signature`.
public struct Signature: Sendable, Hashable {
  /// An output of the graph and what it means.
  public struct Output: Sendable, Hashable {
    public var role: OutputRole
    /// The name of the graph's output, or else of a value in it.
    public var value: String

    public init(_ role: OutputRole, _ value: String? = nil) {
      (self.role, self.value) = (role, value ?? role.name)
    }
  }

  /// The name of the task, such as `classification`.
  public var task: String
  /// The names of the graph's inputs, in the order in which the task writes them.
  public var inputs: [String]
  /// Each role once.
  public var outputs: [Output]
  /// The names of the classes in order; empty where a task has none.
  public var classes: [String]
  /// The path of the layers that depend on the classes, which training for others replaces.
  public var head: String?
  /// The task's own, such as thresholds, anchors, or columns with their statistics.
  public var details: [String: JSON]

  public init(
    task: String, inputs: [String], outputs: [Output], classes: [String] = [], head: String? = nil,
    details: [String: JSON] = [:]
  ) {
    (self.task, self.inputs, self.outputs) = (task, inputs, outputs)
    (self.classes, self.head, self.details) = (classes, head, details)
  }

  /// The task of networks that give a number a class for each sample.
  public static let classification = "classification"
  /// The task of networks that give boxes and their scores.
  package static let detection = "detection"

  /// The name of what has that role; nil where the network has none.
  public func value(of role: OutputRole) -> String? { outputs.first { $0.role == role }?.value }

  /// The strides of the outputs of a kind, ascending.
  public func strides(of kind: String) -> [Int] {
    outputs.filter { $0.role.kind == kind }.compactMap(\.role.stride).sorted()
  }

  /// The detail of that name, where it is a number.
  public func number(_ detail: String) -> Double? {
    switch details[detail] {
    case .number(let number)?: number
    case .integer(let number)?: Double(number)
    case .float(let number)?: Double(number)
    default: nil
    }
  }
}
