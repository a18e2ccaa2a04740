import VisionTensor

/// Whether no element of any tensor is infinite or NaN. ONNX Runtime's IsAllFinite (com.microsoft).
///
/// Inputs: any number of tensors of floating-point types. Output: a Boolean scalar.
public enum IsAllFinite: FileOperator {
  public static let name = "IsAllFinite"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["isinf_only", "isnan_only"])
    let (onlyInfinite, onlyNaN) = (try node.flag("isinf_only"), try node.flag("isnan_only"))
    guard !(onlyInfinite && onlyNaN) else { throw node.unsupported("isinf_only with isnan_only") }
    let parts = Composition(node, in: graph)
    var counts: [Value] = []
    for case let x? in node.inputs {
      var marks: [Value] = []
      if !onlyNaN { marks.append(try parts.add(IsInf(), x)) }
      if !onlyInfinite { marks.append(try parts.add(IsNaN(), x)) }
      for mark in marks {
        counts.append(try parts.add(ReduceSum(keepsDimensions: false), parts.cast(mark, to: .float32)))
      }
    }
    guard !counts.isEmpty else { throw GraphError(.structure, "IsAllFinite has no input", place: node.name) }
    let sum = try parts.outputs(Sum(), counts)[0]
    return [try parts.add(Equal(), sum, parts.scalar(0, .float32))]
  }
}
