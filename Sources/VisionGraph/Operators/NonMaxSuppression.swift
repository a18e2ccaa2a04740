import VisionSystem
public import VisionTensor

/// Of boxes that overlap, the best of each class. ONNX NonMaxSuppression, opset 11.
///
/// Inputs: the boxes, float32 samples×boxes×4; the scores, float32 samples×classes×boxes; and, optional and one
/// number each, how many boxes a class may keep in a sample (int64, default 0), above which share of their union two
/// boxes overlap (float32, 0...1, default 0), and the score that a box must exceed (float32). Output: int64, a row
/// (sample, class, box) for each box that is kept, by sample and class, the best first; of equal scores the first box.
///
/// Areas and shares are computed in float32, like those of ONNX Runtime, because comparisons decide what is kept. A
/// box whose score is NaN is never kept.
public struct NonMaxSuppression: DataDependentOperator {
  public static let name = "NonMaxSuppression"
  public static let constantInputs: Set = [0, 1, 2, 3, 4]
  /// Whether a box is (x, y, width, height) of its center, and not (y, x, y, x) of two corners.
  public var areCentered: Bool

  public init(areCentered: Bool = false) { self.areCentered = areCentered }

  public func check(_ inputs: [Fact?]) throws(ShapeError) {
    let boxes = try ShapeRule.required(inputs, 0, types: [.float32]).shape
    let scores = try ShapeRule.required(inputs, 1, types: [.float32]).shape
    guard boxes.rank == 3, boxes[2] == 4, scores.rank == 3, scores[0] == boxes[0], scores[2] == boxes[1]
    else {
      throw ShapeError("boxes \(boxes) and scores \(scores): samples×boxes×4, samples×classes×boxes")
    }
    for (index, type) in [(2, ElementType.int64), (3, .float32), (4, .float32)] {
      guard let fact = try ShapeRule.optional(inputs, index, types: [type]) else { continue }
      guard fact.shape.elementCount == 1 else {
        throw ShapeError("input \(index) has the shape \(fact.shape) instead of one number")
      }
    }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let boxes = try Reference.required(inputs, 0)
    let scores = try Reference.required(inputs, 1)
    let limit = max(Reference.optional(inputs, 2)?.integers.first ?? 0, 0)
    let share = Reference.optional(inputs, 3)?.floats.first ?? 0
    let least = Reference.optional(inputs, 4)?.floats.first ?? -.infinity
    guard share >= 0, share <= 1 else {
      throw EvaluationError("the share of the union \(share) is not between 0 and 1")
    }
    let isBounded = Reference.optional(inputs, 4) != nil
    let (classes, count) = (scores.shape[1], scores.shape[2])
    var kept: [Int64] = []
    guard limit > 0, count > 0 else { return [Tensor(kept, shape: [0, 3])] }
    let (corners, numbers) = (boxes.floats, scores.floats)
    var suppression = BoxSuppression(areCentered: areCentered, share: share)
    for sample in 0..<scores.shape[0] {
      for line in 0..<classes {
        let start = (sample * classes + line) * count
        suppression.choose(
          from: corners[(sample * count * 4)..<((sample + 1) * count * 4)], numbers[start..<(start + count)],
          above: isBounded ? least : nil, limit: limit)
        for box in suppression.kept { kept += [Int64(sample), Int64(line), Int64(box)] }
      }
    }
    return [Tensor(kept, shape: [kept.count / 3, 3])]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["center_point_box"])
    try node.allowInputs(atMost: 5)
    let suppression = NonMaxSuppression(areCentered: try node.flag("center_point_box"))
    return try graph.add(suppression, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["center_point_box": .int(areCentered ? 1 : 0)] }
  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[1]?.shape.elementCount ?? 0 }
}
