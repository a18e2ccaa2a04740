public import VisionTensor

/// y = x, but the slices at the coordinates given along the last axis of the indices are the updates, combined by the
/// reduction. ONNX ScatterND, opset 16 (`min` and `max`: 18).
///
/// Inputs: x of any type (numbers with a reduction); indices int64, negative ones counted from the end; updates of the type
/// of x, with the axes of the indices but their last one, then those of x that the coordinates leave.
public struct ScatterND: Scattering {
  public static let name = "ScatterND"
  public var reduction: ScatterReduction

  public init(reduction: ScatterReduction = .none) { self.reduction = reduction }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: reduction.types)
    let indices = try ShapeRule.required(inputs, 1, types: [.int64])
    let updates = try ShapeRule.required(inputs, 2, types: [x.type])
    guard let length = indices.shape.last, length > 0, length <= x.shape.rank,
      updates.shape.dimensions == indices.shape.dimensions.dropLast() + x.shape.dimensions[length...]
    else {
      throw ShapeError("indices \(indices.shape) and updates \(updates.shape) do not fit \(x.shape)")
    }
    return [Fact(x.type, x.shape)]
  }

  public func places(in x: Shape, _ indices: Tensor, _ updates: Shape) throws(EvaluationError) -> [Int] {
    let coordinates = indices.integers
    let length = indices.shape[indices.shape.rank - 1]
    let strides = x.strides
    let inner = x.dimensions[length...].reduce(1, *)
    var places: [Int] = []
    places.reserveCapacity(updates.elementCount)
    for row in 0..<(coordinates.count / length) {
      var start = 0
      for axis in 0..<length {
        let position = try Reference.positions([coordinates[row * length + axis]], extent: x[axis])
        start += position[0] * strides[axis]
      }
      places.append(contentsOf: start..<(start + inner))
    }
    return places
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["reduction"])
    try node.allowInputs(atMost: 3)
    return try graph.add(ScatterND(reduction: try node.reduction()), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["reduction": .string(reduction.rawValue)] }
}
