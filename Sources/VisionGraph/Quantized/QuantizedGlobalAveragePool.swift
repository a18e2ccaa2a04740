import VisionSystem
package import VisionTensor

/// The mean of each channel of a byte tensor as bytes: DequantizeLinear → GlobalAveragePool → QuantizeLinear.
///
/// Inputs: x N×C×spatial, its scale and zero point, those of the result N×C×1….
package struct QuantizedGlobalAveragePool: InternalOperator {
  package static let name = "QuantizedGlobalAveragePool"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: [.uint8])
    try QuantizedOperands.check(inputs, scale: 1)
    try QuantizedOperands.check(inputs, scale: 3)
    let shape = try GlobalAveragePool().outputs([Fact(.float32, x.shape)])[0].shape
    let pixels = GraphLimits.product(Array(x.shape.dimensions.dropFirst(2)))
    guard pixels > 0, pixels < 1 << 22 else {
      throw ShapeError("the mean of \(pixels) pixels is not supported")
    }
    return [Fact(.uint8, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let x = try Reference.required(inputs, 0)
    let pixels = x.shape.dimensions.dropFirst(2).reduce(1, *)
    guard let mean = mean(inputs, pixels: pixels), let bytes = x.values(as: UInt8.self) else {
      throw QuantizedOperands.missing()
    }
    let result = (0..<shape.elementCount).map { index in
      let sum = bytes[(index * pixels)..<((index + 1) * pixels)].reduce(Int32(0)) {
        $0 + Int32($1) - mean.zero
      }
      return mean.requantization.byte(sum, mean.multiplier)
    }
    return [Tensor(result, shape: shape)]
  }

  /// The conversion and multiplier of the sum of (byte − `zero`); nil when scales are missing.
  package func mean(_ inputs: [Tensor?], pixels: Int) -> (
    requantization: Requantization, multiplier: Float, zero: Int32
  )? {
    guard let x = QuantizedOperands.quantization(inputs, 1), let y = QuantizedOperands.quantization(inputs, 3)
    else {
      return nil
    }
    let multiplier = Float(Double(x.scale) / (Double(y.scale) * Double(pixels)))
    return (Requantization(y, clamp: nil), multiplier, Int32(x.zeroPoint))
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}
