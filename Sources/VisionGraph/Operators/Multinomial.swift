import VisionSystem
public import VisionTensor

/// Classes drawn with replacement by their unnormalized logarithms of probabilities, with numbers that follow from the seed: the
/// same at every run. ONNX Multinomial, opset 7.
///
/// Input: logarithms N×C, a floating-point type. Output: classes N×`sampleSize`.
public struct Multinomial: Operator {
  public static let name = "Multinomial"
  public var sampleSize: Int
  /// The type of the result, int32 or int64.
  public var type: ElementType
  public var seed: Float

  public init(sampleSize: Int = 1, type: ElementType = .int32, seed: Float = 0) {
    self.sampleSize = sampleSize
    self.type = type
    self.seed = seed
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank == 2, x.shape[1] > 0 else {
      throw ShapeError("input \(x.shape) must have two axes, the second with a class at least")
    }
    guard sampleSize > 0, type == .int32 || type == .int64 else {
      throw ShapeError("\(sampleSize) samples of \(type.rawValue) cannot be drawn")
    }
    return [Fact(type, try ShapeRule.shape([x.shape[0], sampleSize], "the samples"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let (logits, classes) = (x.doubles, x.shape[1])
    let numbers = RandomNumbers.generator(seed: seed).uniform(count: fact.shape.elementCount)
    var samples: [Int] = []
    for row in 0..<x.shape[0] {
      let line = logits[(row * classes)..<((row + 1) * classes)]
      let largest = line.max() ?? 0
      var bounds: [Double] = []
      for logit in line { bounds.append((bounds.last ?? 0) + Libm.exp(logit - largest)) }
      guard let total = bounds.last, total.isFinite, total > 0 else {
        throw EvaluationError("row \(row) has no distribution")
      }
      for index in 0..<sampleSize {
        let place = Double(numbers[row * sampleSize + index]) * total
        samples.append(bounds.firstIndex { place < $0 } ?? classes - 1)
      }
    }
    return [Tensor(wrapping: samples, shape: fact.shape, elementType: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "sample_size", "seed"])
    try node.allowInputs(atMost: 1)
    let op = Multinomial(
      sampleSize: try node.int("sample_size") ?? 1,
      type: try node.type("dtype", in: [.int32, .int64]) ?? .int32, seed: try node.seed())
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["dtype": .int(type.onnx), "sample_size": .int(sampleSize), "seed": .float(seed)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let classes = inputs[0]?.shape.last ?? 1
    return GraphLimits.product(outputs[0].shape.elementCount, classes)
  }
}
