package import VisionTensor

/// The gradients of batch normalization: gbias = Σ g, gscale = Σ g·x̂, and gx = scale/√(variance + ε) · g
/// with fixed statistics, or scale/√(variance + ε) · (g − gbias/n − x̂·gscale/n) with the statistics of the
/// batch, where n is the number of elements per channel and x̂ = (x − mean)/√(variance + ε). With a clamp, g
/// counts as 0 where the result y is not strictly inside the bounds.
///
/// Inputs: g, x N×C×…; scale, mean, variance C; after a clamp bias C and y; all of one floating-point type. Outputs: gx,
/// gscale, gbias, and the gradient of the residual where there is one.
package struct BatchNormalizationGradient: InternalOperator {
  package static let name = "BatchNormalizationGradient"
  package var epsilon: Float
  /// True when mean and variance are those of x, which move with it.
  package var ofBatch: Bool
  /// The clamp at the end.
  package var clamp: Clamp?
  package var hasResidual: Bool

  package init(epsilon: Float, ofBatch: Bool, clamp: Clamp? = nil, hasResidual: Bool = false) {
    self.epsilon = epsilon
    self.ofBatch = ofBatch
    self.clamp = clamp
    self.hasResidual = hasResidual
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    guard g.shape.rank >= 2 else { throw ShapeError("gradient \(g.shape) must have at least 2 axes: N×C") }
    try ShapeRule.same(inputs, 1, as: g)
    for (index, meaning) in ["scale", "mean", "variance"].enumerated() {
      try ShapeRule.channels(inputs, index + 2, meaning, of: g)
    }
    if clamp != nil {
      try ShapeRule.channels(inputs, 5, "bias", of: g)
      try ShapeRule.same(inputs, 6, as: g)
    }
    let parameter = Fact(g.type, [g.shape[1]])
    let whole = Fact(g.type, g.shape)
    return [whole, parameter, parameter] + (hasResidual ? [whole] : [])
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    var values = try Reference.required(inputs, 0).doubles
    if let clamp {
      let y = try Reference.required(inputs, 6).doubles
      for (index, y) in y.enumerated() where !clamp.passes(y) { values[index] = 0 }
    }
    let residual = hasResidual ? [values] : []
    let x = try Reference.required(inputs, 1).doubles
    let scale = try Reference.required(inputs, 2).doubles
    let mean = try Reference.required(inputs, 3).doubles
    let variance = try Reference.required(inputs, 4).doubles
    var (scales, biases) = ([Double](), [Double]())
    for (channel, places) in Reference.channels(of: facts[0].shape).enumerated() {
      let inverse = 1 / (variance[channel] + Double(epsilon)).squareRoot()
      let normalized = places.map { (x[$0] - mean[channel]) * inverse }
      let sum = places.reduce(0) { $0 + values[$1] }
      let product = zip(places, normalized).reduce(0) { $0 + values[$1.0] * $1.1 }
      let count = Double(places.count)
      for (place, normalized) in zip(places, normalized) {
        let moved = ofBatch ? (sum + normalized * product) / count : 0
        values[place] = scale[channel] * inverse * (values[place] - moved)
      }
      scales.append(product)
      biases.append(sum)
    }
    return zip(facts, [values, scales, biases] + residual).map {
      Tensor(doubles: $1, shape: $0.shape, elementType: $0.type)
    }
  }

  package var attributes: Attributes {
    var attributes: Attributes = ["epsilon": .float(epsilon), "of_batch": .int(ofBatch ? 1 : 0)]
    if let clamp { attributes["clamp"] = .floats([clamp.low, clamp.high]) }
    if hasResidual { attributes["residual"] = .int(1) }
    return attributes
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 9 * outputs[0].shape.elementCount }
}
