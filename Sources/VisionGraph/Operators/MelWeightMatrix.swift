import VisionSystem
public import VisionTensor

/// The weights of triangular bands on the mel scale, 2595 · log₁₀(1 + f/700), for the frequencies of a one-sided transform. ONNX
/// MelWeightMatrix, opset 17.
///
/// Inputs, one number each, known before the run: the number of bands, the length of the transform and the samples per second, int32
/// or int64; the lowest and the highest frequency in hertz, floating-point. Output: frequencies × bands.
public struct MelWeightMatrix: Operator {
  public static let name = "MelWeightMatrix"
  public static let constantInputs: Set = [0, 1, 2, 3, 4]
  /// The type of the result, any numbers.
  public var type: ElementType

  public init(type: ElementType = .float32) { self.type = type }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    var sizes: [Int] = []
    for (index, meaning) in ["the number of bands", "the length", "the samples per second"].enumerated() {
      _ = try ShapeRule.required(inputs, index, types: .indices)
      sizes += try ShapeRule.constant(inputs, index, meaning) ?? []
    }
    for index in 3...4 {
      let edge = try ShapeRule.required(inputs, index, types: .floats)
      guard edge.shape.elementCount == 1 else { throw ShapeError("a frequency has shape \(edge.shape)") }
    }
    guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 }), type != .bool else {
      throw ShapeError("bands, length and samples per second must be one positive number each")
    }
    return [Fact(type, try ShapeRule.shape([sizes[1] / 2 + 1, sizes[0]], "the weights"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let (rows, bands) = (fact.shape[0], fact.shape[1])
    let length = try Reference.required(inputs, 1).doubles[0]
    let rate = try Reference.required(inputs, 2).doubles[0]
    func mel(_ index: Int) throws(EvaluationError) -> Double {
      2595 * Libm.log1p(try Reference.required(inputs, index).doubles[0] / 700) / Libm.log(10)
    }
    let (low, high) = (try mel(3), try mel(4))
    // ONNX divides by two more than the number of bands, so that the last one ends below the highest frequency.
    let step = (high - low) / Double(bands + 2)
    var bins: [Int] = []
    for index in 0..<(bands + 2) {
      let hertz = 700 * Libm.expm1((low + Double(index) * step) / 2595 * Libm.log(10))
      let bin = Int(saturating: ((length + 1) * hertz / rate).rounded(.down))
      guard hertz.isFinite, bin >= 0, bin < rows else {
        throw EvaluationError("\(hertz) Hz is not a frequency of the transform")
      }
      bins.append(bin)
    }
    var weights = [Double](repeating: 0, count: rows * bands)
    for band in 0..<bands {
      let (first, center, last) = (bins[band], bins[band + 1], bins[band + 2])
      if first == center { weights[center * bands + band] = 1 }
      for row in first..<max(center + 1, first) where first < center {
        weights[row * bands + band] = Double(row - first) / Double(center - first)
      }
      for row in center..<max(last, center) {
        weights[row * bands + band] = Double(last - row) / Double(last - center)
      }
    }
    return [Tensor(doubles: weights, shape: fact.shape, elementType: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["output_datatype"])
    try node.allowInputs(atMost: 5)
    let op = MelWeightMatrix(type: try node.type("output_datatype", in: .numbers) ?? .float32)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["output_datatype": .int(type.onnx)] }
}
