package import VisionTensor

/// b'[o] = (b[o] − mean[o]) · scale[o] / √(variance[o] + ε) + shift[o]: the bias that goes with
/// `BatchNormalizedWeights`.
///
/// Inputs: scale, shift, mean, variance and, optional, b; all float32 of length O.
package struct BatchNormalizedBias: InternalOperator {
  package static let name = "BatchNormalizedBias"
  package let epsilon: Float
  package init(epsilon: Float) { self.epsilon = epsilon }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let scale = try ShapeRule.required(inputs, 0, types: [.float32])
    for index in 1..<4 {
      let vector = try ShapeRule.required(inputs, index, types: [.float32])
      guard vector.shape == scale.shape else { throw ShapeError("\(vector.shape) is not \(scale.shape)") }
    }
    if let bias = try ShapeRule.optional(inputs, 4, types: [.float32]), bias.shape != scale.shape {
      throw ShapeError("bias \(bias.shape) is not \(scale.shape)")
    }
    return [Fact(scale.type, scale.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let scale = try Reference.required(inputs, 0)
    let shift = try Reference.required(inputs, 1).doubles
    let mean = try Reference.required(inputs, 2).doubles
    let variance = try Reference.required(inputs, 3).doubles
    let bias = Reference.optional(inputs, 4)?.doubles
    let values = scale.doubles.enumerated().map { o, factor in
      ((bias?[o] ?? 0) - mean[o]) * factor / (variance[o] + Double(epsilon)).squareRoot() + shift[o]
    }
    return [Tensor(doubles: values, shape: scale.shape, elementType: scale.elementType)]
  }
}
