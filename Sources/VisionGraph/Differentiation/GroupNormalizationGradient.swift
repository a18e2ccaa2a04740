package import VisionTensor

/// The gradients of GroupNormalization, and of InstanceNormalization, which has one group per channel: with h
/// = g · scale and x̂ = (x − mean)/σ in each group, gx = (h − mean(h) − x̂ · mean(h·x̂)) / σ, gscale = Σ
/// g·x̂, gbias = Σ g.
///
/// Inputs: g, x N×C×…; scale C; all of one floating-point type. Outputs: gx, gscale, gbias.
package struct GroupNormalizationGradient: InternalOperator {
  package static let name = "GroupNormalizationGradient"
  package var groups: Int
  package var epsilon: Float

  package init(groups: Int, epsilon: Float = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    let scale = try ShapeRule.required(inputs, 2)
    return try GroupNormalization(groups: groups).outputs([g, scale, scale])
      + [scale, scale].map {
        Fact(g.type, $0.shape)
      }
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let scale = try Reference.required(inputs, 2).doubles
    let shape = facts[0].shape
    var h = g
    Reference.scale(&h, by: scale, plus: scale.map { _ in 0 }, shape: shape)
    let (result, normalized) = Reference.normalizedGradient(
      h, x, runs: shape[0] * groups, epsilon: epsilon)
    let channels = Reference.channels(of: shape)
    let scales = channels.map { $0.reduce(0) { $0 + g[$1] * normalized[$1] } }
    let biases = channels.map { $0.reduce(0) { $0 + g[$1] } }
    return zip(facts, [result, scales, biases]).map {
      Tensor(doubles: $1, shape: $0.shape, elementType: $0.type)
    }
  }

  package var attributes: Attributes { ["num_groups": .int(groups), "epsilon": .float(epsilon)] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 12 * outputs[0].shape.elementCount }
}

extension Reference {
  /// The gradient of `normalized` from that of its result h, and that result, for the arguments x.
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
