public import VisionTensor

/// y[n, p…] = theta[n] · (position of p, 1): the grid from which GridSample makes an image that is moved by theta. Positions are
/// from −1 to 1, that of the last axis first; along an axis of one element they are 0. ONNX AffineGrid, opset 20.
///
/// Inputs: theta N×2×3 or N×3×4, a floating-point type; size, int64, known before the run: N, C and the two or three spatial
/// extents. Output: N×spatial×2 or N×spatial×3.
public struct AffineGrid: Operator {
  public static let name = "AffineGrid"
  public static let introduction = 20
  public static let constantInputs: Set = [1]
  /// Whether −1 and 1 are the centers of the first and the last element, not their outer edges.
  public var alignsCorners: Bool

  public init(alignsCorners: Bool = false) { self.alignsCorners = alignsCorners }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let theta = try ShapeRule.required(inputs, 0, types: .floats)
    let size = try ShapeRule.constantShape(inputs, 1)
    let axes = size.rank - 2
    guard axes == 2 || axes == 3, theta.shape == [size[0], axes, axes + 1] else {
      throw ShapeError("theta \(theta.shape) does not fit size \(size)")
    }
    let extents = [size[0]] + size.dimensions.dropFirst(2) + [axes]
    return [Fact(theta.type, try ShapeRule.shape(extents, "the grid"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let theta = try Reference.required(inputs, 0)
    let fact = try resolved(inputs)[0]
    let (numbers, axes) = (theta.doubles, fact.shape.rank - 2)
    let plane = Shape(fact.shape.dimensions.dropFirst().dropLast())
    var result: [Double] = []
    result.reserveCapacity(fact.shape.elementCount)
    for image in 0..<fact.shape[0] {
      Reference.forEachCoordinate(plane) { at in
        let position = position(of: at, in: plane)
        for row in 0..<axes {
          let start = (image * axes + row) * (axes + 1)
          result.append(zip(position, numbers[start...]).reduce(0) { $0 + $1.0 * $1.1 })
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  /// The position of an element, that along the last axis first, and a 1.
  package func position(of at: [Int], in plane: Shape) -> [Double] {
    at.indices.reversed().map { axis in
      let extent = Double(plane[axis])
      if alignsCorners { return extent > 1 ? 2 * Double(at[axis]) / (extent - 1) - 1 : 0 }
      return (2 * Double(at[axis]) + 1) / extent - 1
    } + [1]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, theta) throws(GraphError) in
      guard index == 0 else { return nil }
      return try node.add(AffineGridGradient(self), node.gradient, node.shape(of: theta))
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["align_corners"])
    try node.allowInputs(atMost: 2)
    return try graph.add(
      AffineGrid(alignsCorners: try node.flag("align_corners")), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["align_corners": .int(alignsCorners ? 1 : 0)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(2, outputs[0].shape.elementCount, outputs[0].shape.rank - 1)
  }
}
