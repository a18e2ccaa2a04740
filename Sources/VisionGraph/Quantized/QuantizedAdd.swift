import VisionSystem
package import VisionTensor

/// The sum of two byte tensors as bytes: DequantizeLinear twice → Add → [clamp] → QuantizeLinear.
///
/// Inputs: a, its scale and zero point; b of a's shape, its scale and zero point; those of the result.
package struct QuantizedAdd: InternalOperator {
  package static let name = "QuantizedAdd"
  package var clamp: Clamp?
  package init(clamp: Clamp? = nil) { self.clamp = clamp }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: [.uint8])
    let b = try ShapeRule.required(inputs, 3, types: [.uint8])
    guard a.shape == b.shape else { throw ShapeError("\(a.shape) and \(b.shape) differ") }
    for position in [1, 4, 6] { try QuantizedOperands.check(inputs, scale: position) }
    return [Fact(.uint8, a.shape)]
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 3] }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let (x, z) = (try Reference.required(inputs, 0), try Reference.required(inputs, 3))
    guard let sum = sum(inputs), let a = x.values(as: UInt8.self), let b = z.values(as: UInt8.self) else {
      throw QuantizedOperands.missing()
    }
    let bytes = zip(a, b).map { a, b in
      // The first operand takes the place of the sum of products.
      sum.requantization.byte(Int32(a) - Int32(sum.aZero), 1, residual: b)
    }
    return [Tensor(bytes, shape: x.shape)]
  }

  /// The requantization in which a takes the place of a convolution's result and b is the residual; nil when
  /// scales are missing.
  package func sum(_ inputs: [Tensor?]) -> (requantization: Requantization, aZero: UInt8)? {
    guard let a = QuantizedOperands.quantization(inputs, 1),
      let b = QuantizedOperands.quantization(inputs, 4),
      let y = QuantizedOperands.quantization(inputs, 6)
    else { return nil }
    var result = Requantization(a, clamp: nil)
    result.add(b, own: a, result: y, clamp: clamp)
    return (result, a.zeroPoint)
  }
}
