public import VisionTensor

/// Slices of x at the coordinates given along the last axis of the indices. ONNX GatherND, opset 13.
///
/// Inputs: x of any type; indices int64, negative ones counted from the end. The first `batchAxes` axes are shared.
public struct GatherND: Operator {
  public static let name = "GatherND"
  /// The number of leading axes that x and the indices share.
  public var batchAxes: Int

  public init(batchAxes: Int = 0) { self.batchAxes = batchAxes }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    let indices = try ShapeRule.required(inputs, 1, types: [.int64])
    guard batchAxes >= 0, batchAxes < min(x.shape.rank, indices.shape.rank),
      x.shape.dimensions[..<batchAxes] == indices.shape.dimensions[..<batchAxes],
      let length = indices.shape.last, length > 0, length <= x.shape.rank - batchAxes
    else {
      throw ShapeError("indices \(indices.shape) do not fit \(x.shape) with \(batchAxes) batch axes")
    }
    let rest = x.shape.dimensions[(batchAxes + length)...]
    return [Fact(x.type, Shape(indices.shape.dimensions.dropLast() + rest))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let indices = try Reference.required(inputs, 1)
    let shape = try resolved(inputs)[0].shape
    let coordinates = indices.integers
    let length = indices.shape[indices.shape.rank - 1]
    let strides = x.shape.strides
    let batches = x.shape.dimensions[..<batchAxes].reduce(1, *)
    let inner = x.shape.dimensions[(batchAxes + length)...].reduce(1, *)
    let perBatch = batches == 0 ? 0 : coordinates.count / length / batches
    var sources: [Int] = []
    for row in 0..<(perBatch * batches) {
      var start = batchAxes == 0 ? 0 : row / perBatch * strides[batchAxes - 1]
      for place in 0..<length {
        let axis = batchAxes + place
        let position = try Reference.positions([coordinates[row * length + place]], extent: x.shape[axis])
        start += position[0] * strides[axis]
      }
      sources.append(contentsOf: start..<(start + inner))
    }
    return [Reference.gather(x, sources, shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 12 ? [] : ["batch_dims"])
    try node.allowInputs(atMost: 2)
    let op = GatherND(batchAxes: try node.int("batch_dims") ?? 0)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["batch_dims": .int(batchAxes)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
