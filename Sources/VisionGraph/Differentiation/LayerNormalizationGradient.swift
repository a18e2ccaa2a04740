public import VisionTensor

/// The gradients of LayerNormalization: with h = g · scale and x̂ = (x − mean)/σ over the axes from `axis` on,
/// gx = (h − mean(h) − x̂ · mean(h·x̂)) / σ and gscale = Σ g·x̂ over the axes along which scale is repeated.
///
/// Inputs: g, x of one floating-point type and shape; scale that broadcasts to it. Outputs: gx, gscale.
public struct LayerNormalizationGradient: InternalOperator {
  public static let name = "LayerNormalizationGradient"
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    let scale = try ShapeRule.required(inputs, 2)
    return try LayerNormalization(axis: axis).outputs([g, scale]) + [Fact(g.type, scale.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let scale = try Reference.required(inputs, 2).doubles
    let shape = facts[0].shape
    let runs = shape.dimensions.prefix(axis < 0 ? axis + shape.rank : axis).reduce(1, *)
    let places = Reference.indices(of: facts[1].shape, broadcastTo: shape)
    let h = zip(g, places).map { $0 * scale[$1] }
    let (result, normalized) = Reference.normalizedGradient(h, x, runs: runs, epsilon: epsilon)
    var sums = [Double](repeating: 0, count: scale.count)
    for (index, place) in places.enumerated() { sums[place] += g[index] * normalized[index] }
    return zip(facts, [result, sums]).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
  }

  public var attributes: Attributes { ["axis": .int(axis), "epsilon": .float(epsilon)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 12 * outputs[0].shape.elementCount }
}

extension Reference {
  /// The gradient of `normalized` with respect to its argument x, given the gradient h of its result; also
  /// the result itself.
  package static func normalizedGradient(_ h: [Double], _ x: [Double], runs: Int, epsilon: Float) -> (
    gradient: [Double], normalized: [Double]
  ) {
    let normalized = normalized(x, runs: runs, epsilon: epsilon)
    var result = h
    let length = runs == 0 ? 0 : x.count / runs
    for run in 0..<runs {
      let range = (run * length)..<((run + 1) * length)
      let root = (moments(x[range]).variance + Double(epsilon)).squareRoot()
      let mean = h[range].reduce(0, +) / Double(length)
      let product = range.reduce(0) { $0 + h[$1] * normalized[$1] } / Double(length)
      for index in range { result[index] = (h[index] - mean - normalized[index] * product) / root }
    }
    return (result, normalized)
  }
}
