package import VisionTensor

/// Where operators on bytes find scales and zero points among their inputs.
package enum QuantizedOperands {
  /// The input positions of quantized convolutions and matrix products.
  package enum Position {
    package static let (x, xScale, xZero, weights, weightScales, bias) = (0, 1, 2, 3, 4, 5)
    package static let (yScale, yZero, residual, residualScale, residualZero) = (6, 7, 8, 9, 10)
    package static let (sumScale, sumZero) = (11, 12)
  }

  /// Checks a scale and a zero point for a whole tensor.
  static func check(_ inputs: [Fact?], scale: Int) throws(ShapeError) {
    let step = try ShapeRule.required(inputs, scale, types: [.float32])
    let zero = try ShapeRule.required(inputs, scale + 1, types: [.uint8])
    guard step.shape.checkedElementCount == 1, zero.shape.checkedElementCount == 1 else {
      throw ShapeError("scale \(step.shape) and zero point \(zero.shape) must be one number each")
    }
  }

  /// Checks the operands of a sum of products with `outputs` channels.
  static func check(_ inputs: [Fact?], outputs: Int) throws(ShapeError) {
    try check(inputs, scale: Position.xScale)
    let scales = try ShapeRule.required(inputs, Position.weightScales, types: [.float32])
    guard scales.shape == [outputs] || scales.shape.checkedElementCount == 1 else {
      throw ShapeError("scales \(scales.shape) of the weights are neither one nor \(outputs)")
    }
    if let bias = try ShapeRule.optional(inputs, Position.bias, types: [.int32]), bias.shape != [outputs] {
      throw ShapeError("bias \(bias.shape) is not \(outputs)")
    }
  }

  /// The scale at `position` and the zero point after it; nil when either is missing.
  package static func quantization(_ inputs: [Tensor?], _ position: Int) -> AffineQuantization? {
    guard position + 1 < inputs.count, let scale = inputs[position], let zero = inputs[position + 1],
      let byte = zero.values(as: UInt8.self)?.first
    else { return nil }
    return AffineQuantization(scale: scale.floats[0], zeroPoint: byte)
  }

  /// The scales of the weights, one for each of `outputs` channels.
  package static func weightScales(_ inputs: [Tensor?], outputs: Int) -> [Float]? {
    guard Position.weightScales < inputs.count, let scales = inputs[Position.weightScales]?.floats else {
      return nil
    }
    return scales.count == outputs ? scales : scales.first.map { [Float](repeating: $0, count: outputs) }
  }

  /// The conversion of the sums and the multiplier of each of `outputs` channels; nil when scales are
  /// missing.
  package static func result(
    _ inputs: [Tensor?], outputs: Int, clamp: Clamp?, sumClamp: Clamp? = nil, hasResidual: Bool = false,
    givesFloats: Bool
  ) -> (Requantization, multipliers: [Float])? {
    guard let x = quantization(inputs, Position.xScale), let scales = weightScales(inputs, outputs: outputs)
    else { return nil }
    if givesFloats {
      return (
        Requantization(floats: clamp), Requantization.multipliers(input: x.scale, weights: scales, output: 1)
      )
    }
    guard let y = quantization(inputs, Position.yScale) else { return nil }
    var result = Requantization(y, clamp: clamp)
    if hasResidual {
      guard let residual = quantization(inputs, Position.residualScale),
        let sum = quantization(inputs, Position.sumScale)
      else { return nil }
      result.add(residual, own: y, result: sum, clamp: sumClamp)
    }
    return (result, Requantization.multipliers(input: x.scale, weights: scales, output: y.scale))
  }

  static func missing() -> EvaluationError { EvaluationError("scales or zero points are missing") }
}
