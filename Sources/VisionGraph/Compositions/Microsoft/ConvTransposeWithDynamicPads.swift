import VisionTensor

/// ConvTranspose with its pads as an input, which must follow from constants and shapes. ONNX Runtime's
/// ConvTransposeWithDynamicPads (com.microsoft).
///
/// Inputs: x, w, pads, optional bias.
public enum ConvTransposeWithDynamicPads: FileOperator {
  public static let name = "ConvTransposeWithDynamicPads"
  public static let domain = "com.microsoft"
  public static let constantInputs: Set = [2]

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    var attributes = node.attributes
    if let pads = node.optionalInput(2) {
      guard let value = pads.fact.value else {
        throw node.lacksValue("the pads")
      }
      attributes["pads"] = .ints(value.integers)
    }
    var inputs: [Value?] = [try node.input(0), try node.input(1)]
    if let bias = node.optionalInput(3) { inputs.append(bias) }
    return try ConvTranspose.build(
      ImportedNode(
        name: node.name, operatorName: node.operatorName, opset: 11, inputs: inputs,
        outputCount: node.outputCount, attributes: attributes), in: graph)
  }
}
