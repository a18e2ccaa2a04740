import VisionGraph
import VisionSystem
import VisionTensor

/// Which operator sets a graph needs, and how the forms of operators change when that is more than opset 17.
struct OnnxForms {
  /// The opset that VisionNet's operators are written in.
  static let base = 17

  /// The opset that brought an operator, where that is later than `base`.
  private static let introduced: [String: Int] = [
    "BitwiseAnd": 18, "BitwiseNot": 18, "BitwiseOr": 18, "BitwiseXor": 18, "CenterCropPad": 18, "Col2Im": 18,
    "GroupNormalization": 18, "Mish": 18, "DeformConv": 19, "AffineGrid": 20, "Gelu": 20, "Attention": 23,
    "RMSNormalization": 23, "RotaryEmbedding": 23, "Swish": 24, "TensorScatter": 24,
  ]

  /// The opset that brought an operator, as far as that matters to VisionNet: 0 for those that came before `base`.
  static func introduction(of name: String) -> Int { introduced[name] ?? 0 }

  /// Reductions whose axes became an input in opset 18 (`ReduceSum` did in 13).
  private static let reductions: Set<String> = [
    "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin",
    "ReduceProd",
    "ReduceSumSquare",
  ]

  let opset: Int
  /// Domains and versions, ONNX's own first.
  let opsets: [(domain: String, version: Int)]

  /// - Throws: `FormatError` that names all operators without an ONNX form.
  init(_ graph: Graph) throws(FormatError) {
    var opset = Self.base
    var domains: Set<String> = []
    var refused: Set<String> = []
    for node in graph.nodes {
      let type = type(of: node.operation)
      switch type.domain {
      case "": opset = max(opset, Self.introduced[type.name] ?? 0)
      case "visionnet": refused.insert(type.name)
      default: domains.insert(type.domain)
      }
    }
    guard refused.isEmpty else {
      throw FormatError(
        .unsupported, "operators without an ONNX form: \(refused.sorted().joined(separator: ", "))",
        remedy: "write the graph as it was before passes optimised it")
    }
    self.opset = opset
    self.opsets = [("", opset)] + domains.sorted().map { ($0, 1) }
  }

  /// The IR version that came with the opset.
  var irVersion: Int {
    switch opset {
    case ...18: 8
    case ...20: 9
    case ...22: 10
    case 23: 11
    default: 12
    }
  }

  /// Attributes in the form of `opset`, and axes that became an input.
  func form(_ name: String, _ attributes: Attributes, outputs: Int, hasSecondInput: Bool) -> (
    attributes: Attributes, axes: Tensor?
  ) {
    var attributes = attributes
    guard opset > Self.base else { return (attributes, nil) }
    if Self.reductions.contains(name), case .ints(let axes)? = attributes["axes"] {
      attributes["axes"] = nil
      return (attributes, Tensor(axes.map { Int64($0) }))
    }
    if name == "Split", !hasSecondInput { attributes["num_outputs"] = .int(outputs) }
    if name == "GridSample", opset >= 20, case .string(let mode)? = attributes["mode"] {
      let renamed = ["bilinear": "linear", "bicubic": "cubic"]
      attributes["mode"] = .string(renamed[mode] ?? mode)
    }
    return (attributes, nil)
  }
}
