public import VisionSystem
import VisionTensor

/// Why inputs do not fit an operator. The graph adds the place of the node and turns it into a `GraphError`.
public struct ShapeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What does not fit, with the shapes or types concerned.
  public let message: String
  /// Whether the rule needs the elements of an input that are not known before the run.
  public let lacksValue: Bool

  /// - Parameter lacksValue: whether the inputs would fit if the elements of one of them were known.
  public init(_ message: String, lacksValue: Bool = false) {
    self.message = message
    self.lacksValue = lacksValue
  }

  public var description: String { message }

  /// The kind of the graph's error.
  var graphKind: GraphError.Kind { lacksValue ? .dataDependent : .shape }

  /// The error of a rule that needs the elements of an input that is no constant.
  package static func lacking(_ what: String) -> ShapeError {
    ShapeError("\(what) must follow from constants and shapes, not from data", lacksValue: true)
  }
}

/// Why an operator could not be computed although its shapes fit, for example because an index is out of
/// range.
public struct EvaluationError: VisionError, Hashable {
  /// The only kind.
  public enum Kind: String, ErrorKind {
    case evaluation
    public var blame: Blame { .data }
  }

  public var kind: Kind { .evaluation }
  public let message: String
  /// The path of the node.
  public var place: String?
  public var remedy: String? { nil }

  public init(_ message: String, place: String? = nil) {
    self.message = message
    self.place = place
  }
}

/// An error in a graph or in a request to it.
public struct GraphError: VisionError, Hashable {
  /// The kinds of graph errors.
  public enum Kind: String, ErrorKind {
    /// Shapes or types do not fit.
    case shape
    /// Shapes follow from data: no one graph has them, and such a network runs in stages.
    case dataDependent
    /// An operator that VisionNet does not have.
    case unsupportedOperator
    /// An attribute, element type or form of an operator that VisionNet does not have.
    case unsupportedFeature
    /// A name that is taken, missing or used twice.
    case name
    /// A parameter that is missing or has another shape.
    case parameter
    /// An input that is missing or has another shape or type.
    case input
    /// A structure that is not a valid graph, such as a cycle.
    case structure
    /// A computation that failed.
    case evaluation
    /// More memory than the machine has or the caller allows.
    case tooLarge
    /// A derivative that does not exist or that VisionNet does not have.
    case derivative
    /// Numbers that must be finite but are not.
    case notFinite
    /// Memory that was laid out by another plan.
    case workspace

    public var blame: Blame { .data }
  }

  public let kind: Kind
  public let message: String
  /// The layer path or node name.
  public var place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  package func at(_ place: String) -> GraphError {
    var error = self
    if error.place == nil, !place.isEmpty { error.place = place }
    return error
  }
}
