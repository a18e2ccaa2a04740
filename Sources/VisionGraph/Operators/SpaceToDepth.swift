public import VisionTensor

/// b × b blocks of pixels moved into channels: N×C×bH×bW → N×b²C×H×W, in the order block row, block column,
/// channel.
/// ONNX SpaceToDepth, opset 13.
///
/// Input: x of any type.
public struct SpaceToDepth: Operator {
  public static let name = "SpaceToDepth"
  public var block: Int

  public init(block: Int) { self.block = block }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    guard x.shape.rank == 4, block > 0, block < 1 << 15, x.shape[2] % block == 0, x.shape[3] % block == 0
    else { throw ShapeError("input \(x.shape) is not N×C×H×W made of blocks of \(block)×\(block)") }
    guard x.shape[1] < 1 << 32 else { throw ShapeError("\(x.shape) is too large") }
    return [
      Fact(
        x.type, [x.shape[0], x.shape[1] * block * block, x.shape[2] / block, x.shape[3] / block])
    ]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let strides = x.shape.strides
    var positions: [Int] = []
    positions.reserveCapacity(shape.elementCount)
    Reference.forEachCoordinate(shape) { at in
      let (inBlock, channel) = (at[1] / x.shape[1], at[1] % x.shape[1])
      positions.append(
        at[0] * strides[0] + channel * strides[1] + (at[2] * block + inBlock / block) * strides[2]
          + at[3] * block + inBlock % block)
    }
    return [Reference.gather(x, positions, shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(DepthToSpace(block: block), node.gradient)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["blocksize"])
    guard let block = try node.int("blocksize") else {
      throw GraphError(.structure, "SpaceToDepth lacks blocksize", place: node.name)
    }
    return [try graph.add(SpaceToDepth(block: block), node.input(0), name: node.name)]
  }

  public var attributes: Attributes { ["blocksize": .int(block)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
