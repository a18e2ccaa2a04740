/// An operator of ONNX that is no function of tensors: it runs graphs, or its values are sequences or optionals.
///
/// A network that has one runs in stages, which end before it.
package enum ControlOperator: String, CaseIterable, Sendable {
  case condition = "If"
  case loop = "Loop"
  case scan = "Scan"
  case sequenceAt = "SequenceAt"
  case sequenceConstruct = "SequenceConstruct"
  case sequenceEmpty = "SequenceEmpty"
  case sequenceErase = "SequenceErase"
  case sequenceInsert = "SequenceInsert"
  case sequenceLength = "SequenceLength"
  case sequenceMap = "SequenceMap"
  case splitToSequence = "SplitToSequence"
  case concatFromSequence = "ConcatFromSequence"
  case optional = "Optional"
  case optionalGetElement = "OptionalGetElement"
  case optionalHasElement = "OptionalHasElement"

  /// Nil for operators of other domains and names.
  init?(_ node: OnnxNode) {
    guard node.domain.isEmpty, let found = ControlOperator(rawValue: node.operatorName) else { return nil }
    self = found
  }

  /// The attributes with the graphs that it runs.
  var graphAttributes: [String] {
    switch self {
    case .condition: ["else_branch", "then_branch"]
    case .loop, .scan, .sequenceMap: ["body"]
    default: []
    }
  }
}
