public import VisionTensor

/// Channels moved into b × b blocks of pixels: N×C×H×W → N×C/b²×bH×bW. ONNX DepthToSpace, opset 13.
///
/// Input: x of any type.
public struct DepthToSpace: Operator {
  /// The order of the three parts of a channel number, outermost first.
  public enum Mode: String, Sendable, CaseIterable {
    /// Block row, block column, channel.
    case blocksFirst = "DCR"
    /// Channel, block row, block column: the pixel shuffle of Shi et al. 2016.
    case channelsFirst = "CRD"
  }

  public static let name = "DepthToSpace"
  public var block: Int
  public var mode: Mode

  public init(block: Int, mode: Mode = .blocksFirst) {
    self.block = block
    self.mode = mode
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    guard x.shape.rank == 4, block > 0, block < 1 << 15, x.shape[1] % (block * block) == 0 else {
      throw ShapeError("input \(x.shape) is not N×C×H×W with channels for blocks of \(block)×\(block)")
    }
    let extents = [x.shape[1] / (block * block), x.shape[2], x.shape[3]]
    guard extents.allSatisfy({ $0 < 1 << 40 }) else { throw ShapeError("\(x.shape) is too large") }
    return [Fact(x.type, [x.shape[0], extents[0], extents[1] * block, extents[2] * block])]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let strides = x.shape.strides
    var positions: [Int] = []
    positions.reserveCapacity(shape.elementCount)
    Reference.forEachCoordinate(shape) { at in
      let inBlock = at[2] % block * block + at[3] % block
      let channel =
        mode == .blocksFirst ? inBlock * shape[1] + at[1] : at[1] * block * block + inBlock
      positions.append(
        at[0] * strides[0] + channel * strides[1] + at[2] / block * strides[2] + at[3] / block)
    }
    return [Reference.gather(x, positions, shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    guard mode == .blocksFirst else { return try node.movement(self) }
    return [try node.add(SpaceToDepth(block: block), node.gradient)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["blocksize", "mode"])
    guard let block = try node.int("blocksize") else {
      throw GraphError(.structure, "DepthToSpace lacks blocksize", place: node.name)
    }
    let name = try node.string("mode") ?? Mode.blocksFirst.rawValue
    guard let mode = Mode(rawValue: name) else { throw node.unsupported("mode '\(name)'") }
    return [try graph.add(DepthToSpace(block: block, mode: mode), node.input(0), name: node.name)]
  }

  public var attributes: Attributes { ["blocksize": .int(block), "mode": .string(mode.rawValue)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
