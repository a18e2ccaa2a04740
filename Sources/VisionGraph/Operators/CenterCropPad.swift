public import VisionTensor

/// y = the middle of x with the given extents: cropped where x is larger, with zeros around it where it is smaller. ONNX
/// CenterCropPad, opset 18.
///
/// Inputs: x of any type; the extents, int32 or int64, known before the run.
public struct CenterCropPad: Operator {
  public static let name = "CenterCropPad"
  public static let introduction = 18
  public static let constantInputs: Set = [1]
  /// The axes that the extents are of, negative ones counted from the end; nil for all.
  public var axes: [Int]?

  public init(axes: [Int]? = nil) { self.axes = axes }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    _ = try ShapeRule.required(inputs, 1, types: .indices)
    let extents = try ShapeRule.constant(inputs, 1, "the shape") ?? []
    let axes = try ShapeRule.axes(axes ?? Array(x.shape.indices), rank: x.shape.rank)
    guard extents.count == axes.count else {
      throw ShapeError("the shape \(extents) does not fit \(axes.count) axes of \(x.shape)")
    }
    var shape = x.shape.dimensions
    for (axis, extent) in zip(axes, extents) { shape[axis] = extent }
    return [Fact(x.type, try ShapeRule.shape(shape, "shape"))]
  }

  /// The position along an axis that a position of the output reads; nil for a zero.
  package static func source(_ position: Int, from extent: Int, to target: Int) -> Int? {
    // An odd element is left out at the end of the crop, and added behind x.
    let at = extent >= target ? position + (extent - target) / 2 : position - (target - extent) / 2
    return at >= 0 && at < extent ? at : nil
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let strides = x.shape.strides
    let size = x.elementType.byteCount
    let result = Tensor(elementType: x.elementType, shape: shape) { target in
      var to = 0
      Reference.forEachCoordinate(shape) { at in
        var from: Int? = 0
        for axis in at.indices {
          let position = Self.source(at[axis], from: x.shape[axis], to: shape[axis])
          if let so = from, let position { from = so + position * strides[axis] } else { from = nil }
        }
        if let from {
          x.withUnsafeBytes { for byte in 0..<size { target[to + byte] = $0[from * size + byte] } }
        }
        to += size
      }
    }
    return [result]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] { try node.movement(self) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axes"])
    try node.allowInputs(atMost: 2)
    return try graph.add(CenterCropPad(axes: try node.ints("axes")), node.inputs, name: node.name)
  }

  public var attributes: Attributes { axes.map { ["axes": .ints($0)] } ?? [:] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
