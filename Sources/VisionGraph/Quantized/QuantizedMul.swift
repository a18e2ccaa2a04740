import VisionSystem
package import VisionTensor

/// The product of two byte tensors as bytes: DequantizeLinear twice → Mul → QuantizeLinear.
///
/// Inputs: a, its scale and zero point; b, of a's shape or N×C×1×1 for an image, its scale and zero point; those of the result.
package struct QuantizedMul: InternalOperator {
  package static let name = "QuantizedMul"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: [.uint8])
    let b = try ShapeRule.required(inputs, 3, types: [.uint8])
    guard Self.fits(a.shape, b.shape) else { throw ShapeError("\(b.shape) is no factor of \(a.shape)") }
    for position in [1, 4, 6] { try QuantizedOperands.check(inputs, scale: position) }
    return [Fact(.uint8, a.shape)]
  }

  /// Whether b has a's shape, or one number for each channel of an image.
  package static func fits(_ a: Shape, _ b: Shape) -> Bool {
    a == b || a.rank == 4 && b == [a[0], a[1], 1, 1]
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 3] }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let (x, z) = (try Reference.required(inputs, 0), try Reference.required(inputs, 3))
    guard let scales = Self.quantizations(inputs), let a = x.values(as: UInt8.self),
      let b = z.values(as: UInt8.self)
    else { throw QuantizedOperands.missing() }
    let places = Reference.indices(of: z.shape, broadcastTo: x.shape)
    let bytes = zip(a, places).map { a, place in
      // Each operation is one of float32, as in the nodes that this stands for.
      let quotient = scales.a.number(a) * scales.b.number(b[place]) / scales.y.scale
      let rounded = quotient.rounded(.toNearestOrEven) + Float(scales.y.zeroPoint)
      return UInt8(saturating: rounded)
    }
    return [Tensor(bytes, shape: x.shape)]
  }

  /// The quantizations of both factors and of the result; nil when scales are missing.
  package static func quantizations(_ inputs: [Tensor?]) -> (
    a: AffineQuantization, b: AffineQuantization, y: AffineQuantization
  )? {
    guard let a = QuantizedOperands.quantization(inputs, 1),
      let b = QuantizedOperands.quantization(inputs, 4),
      let y = QuantizedOperands.quantization(inputs, 6)
    else { return nil }
    return (a, b, y)
  }
}

extension AffineQuantization {
  /// What a byte stands for, in float32.
  fileprivate func number(_ byte: UInt8) -> Float { (Float(byte) - Float(zeroPoint)) * scale }
}
