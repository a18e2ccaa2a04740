public import VisionTensor

/// y = (x − mean) / (√variance + 10⁻⁹), with mean and variance over some axes. ONNX MeanVarianceNormalization, opset 13.
///
/// Input: x, a floating-point type.
public struct MeanVarianceNormalization: Operator {
  public static let name = "MeanVarianceNormalization"
  public var axes: [Int]

  public init(axes: [Int] = [0, 2, 3]) { self.axes = axes }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    _ = try ShapeRule.reducedAxes(axes, rank: x.shape.rank)
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let axes: [Int]
    do {
      axes = try ShapeRule.reducedAxes(self.axes, rank: x.shape.rank)
    } catch { throw EvaluationError(error.message) }
    let kept = (0..<x.shape.rank).filter { !axes.contains($0) }
    let strides = x.shape.strides
    let offsets = Reference.indices(Shape(axes.map { x.shape[$0] }), steps: axes.map { strides[$0] })
    var values = x.doubles
    for start in Reference.indices(Shape(kept.map { x.shape[$0] }), steps: kept.map { strides[$0] }) {
      let (mean, variance) = Reference.moments(offsets.map { values[start + $0] })
      for offset in offsets {
        values[start + offset] = (values[start + offset] - mean) / (variance.squareRoot() + 1e-9)
      }
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(MeanVarianceNormalizationGradient(axes: axes), node.gradient, node.input(0))]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axes"])
    let normalization = MeanVarianceNormalization(axes: try node.ints("axes") ?? [0, 2, 3])
    return [try graph.add(normalization, node.input(0), name: node.name)]
  }

  public var attributes: Attributes { ["axes": .ints(axes)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 6 * outputs[0].shape.elementCount }
}
