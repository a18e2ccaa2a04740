import VisionGraph
import VisionSystem
import VisionTensor

/// The operator sets that a graph needs, and the forms of operators for opsets above 17.
struct OnnxForms {
  /// The opset in which VisionNet's operators are defined.
  static let base = 17

  let opset: Int
  /// Domains and versions, ONNX's own first.
  let opsets: [(domain: String, version: Int)]

  /// - Throws: `FormatError` that lists all operators without an ONNX form.
  init(_ graph: Graph) throws(FormatError) {
    var opset = Self.base
    var domains: Set<String> = []
    var refused: Set<String> = []
    for node in graph.nodes {
      let type = type(of: node.operation)
      for id in node.inputs + node.outputs {
        if let id { opset = max(opset, graph.fact(id).type.introduction) }
      }
      switch type.domain {
      case "": opset = max(opset, node.operation.minimumOpset(node.inputs.map { $0.map(graph.fact) }))
      case "visionnet": refused.insert(type.name)
      default: domains.insert(type.domain)
      }
    }
    guard refused.isEmpty else {
      throw FormatError(
        .unsupported, "operators without an ONNX form: \(refused.sorted().joined(separator: ", "))",
        remedy: "write the graph as it was before passes optimized it")
    }
    self.opset = opset
    self.opsets = [("", opset)] + domains.sorted().map { ($0, 1) }
  }

  /// The IR version that was released with the opset.
  var irVersion: Int {
    switch opset {
    case ...18: 8
    case ...20: 9
    case ...22: 10
    case 23: 11
    default: 12
    }
  }

  /// The attributes of an operator in the form of `opset`, and its axes if that opset takes them as an input.
  func form(_ operation: any Operator, outputs: Int, hasSecondInput: Bool) -> (
    attributes: Attributes, axes: Tensor?
  ) {
    var attributes = operation.attributes
    guard opset > Self.base else { return (attributes, nil) }
    // Axes became an input in opset 18; for ReduceSum they were one before.
    if operation is any AttributeReduction, case .ints(let axes)? = attributes["axes"] {
      attributes["axes"] = nil
      return (attributes, Tensor(axes.map { Int64($0) }))
    }
    if operation is Split, !hasSecondInput { attributes["num_outputs"] = .int(outputs) }
    if operation is GridSample, opset >= 20, case .string(let mode)? = attributes["mode"] {
      let renamed = ["bilinear": "linear", "bicubic": "cubic"]
      attributes["mode"] = .string(renamed[mode] ?? mode)
    }
    return (attributes, nil)
  }
}
