public import VisionTensor

/// x repeated along each axis; the second input, int64 and known before the run, gives the counts. ONNX Tile,
/// opset 13.
public struct Tile: PlainOperator {
  public static let name = "Tile"
  public static let constantInputs: Set = [1]
  public static let inputLimit: Int? = 2
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    _ = try ShapeRule.required(inputs, 1, types: [.int64])
    let repeats = try ShapeRule.constant(inputs, 1, "the repeats") ?? []
    guard repeats.count == x.shape.rank, repeats.allSatisfy({ $0 >= 0 }) else {
      throw ShapeError("repeats \(repeats) do not fit \(x.shape)")
    }
    var extents: [Int] = []
    for (extent, count) in zip(x.shape, repeats) { extents.append(try ShapeRule.product(extent, count)) }
    return [Fact(x.type, try ShapeRule.shape(extents, "shape"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let repeats = try Reference.required(inputs, 1).integers
    let shape = try resolved(inputs)[0].shape
    // If an axis is empty, the counts of the others may have any size.
    if shape.elementCount == 0 { return [Reference.gather(x, [], shape: shape)] }
    // Each axis becomes two: one of extent n with step 0, and the axis itself.
    let loops = Shape(zip(repeats, x.shape).flatMap { [$0, $1] })
    let steps = x.shape.strides.flatMap { [0, $0] }
    return [Reference.gather(x, Reference.indices(loops, steps: steps), shape: shape)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.movement(self)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
