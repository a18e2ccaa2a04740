public import VisionTensor

/// The first elements of each sequence in reverse order, the others as they are. ONNX ReverseSequence, opset 10.
///
/// Inputs: x of any type with at least two axes; the lengths, int64, one for each sequence of the batch.
public struct ReverseSequence: Operator {
  public static let name = "ReverseSequence"
  /// The axis of the batch and that of the steps: 0 and 1, or 1 and 0.
  public var batchAxis: Int
  public var timeAxis: Int

  public init(batchAxis: Int = 1, timeAxis: Int = 0) {
    self.batchAxis = batchAxis
    self.timeAxis = timeAxis
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let lengths = try ShapeRule.required(inputs, 1, types: [.int64])
    guard x.shape.rank >= 2, (batchAxis, timeAxis) == (0, 1) || (batchAxis, timeAxis) == (1, 0) else {
      throw ShapeError("axes \(batchAxis) and \(timeAxis) of input \(x.shape) must be 0 and 1, or 1 and 0")
    }
    guard lengths.shape == [x.shape[batchAxis]] else {
      throw ShapeError("lengths \(lengths.shape) must be \(x.shape[batchAxis])")
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let x = try Reference.required(inputs, 0)
    let lengths = try Reference.required(inputs, 1).integers
    let steps = x.shape[timeAxis]
    for length in lengths where length < 0 || length > steps {
      throw EvaluationError("the length \(length) of a sequence is not one of 0...\(steps)")
    }
    let strides = x.shape.strides
    var sources: [Int] = []
    sources.reserveCapacity(x.elementCount)
    for index in 0..<x.elementCount {
      let time = index / strides[timeAxis] % steps
      let length = lengths[index / strides[batchAxis] % x.shape[batchAxis]]
      sources.append(time < length ? index + (length - 1 - 2 * time) * strides[timeAxis] : index)
    }
    return [Reference.gather(x, sources, shape: x.shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] { try node.movement(self) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["batch_axis", "time_axis"])
    try node.allowInputs(atMost: 2)
    let op = ReverseSequence(
      batchAxis: try node.int("batch_axis") ?? 1, timeAxis: try node.int("time_axis") ?? 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["batch_axis": .int(batchAxis), "time_axis": .int(timeAxis)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
