import VisionSystem
import VisionTensor

/// What becomes of the whole numbers that operators on bytes sum up.
///
/// Every step is one float32 operation, so that all kernels give the bits of this reference. From the graph that it
/// stands for, whose numbers are rounded elsewhere, a byte may differ by one.
package struct Requantization: Sendable, Hashable {
  /// What a second operand adds.
  package struct Residual: Sendable, Hashable {
    /// The scales of sum and residual, divided by that of the result.
    package var sumScale: Float
    package var scale: Float
    package var zero: Int
    package var low: Float
    package var high: Float
    package var resultZero: Int
  }

  /// Bounds of sum · multiplier; whole numbers where bytes are made.
  package var low: Float
  package var high: Float
  package var zero: Int
  package var residual: Residual?

  /// Floats between the bounds of a clamp.
  package init(floats clamp: Clamp?) {
    low = clamp?.low ?? -.infinity
    high = clamp?.high ?? .infinity
    zero = 0
  }

  /// Bytes, of numbers that a clamp bounds first.
  package init(_ quantization: AffineQuantization, clamp: Clamp?) {
    (low, high, zero) = Self.bounds(quantization, clamp)
  }

  /// The bounds of what is rounded, and the byte that is 0.
  private static func bounds(_ quantization: AffineQuantization, _ clamp: Clamp?) -> (Float, Float, Int) {
    let zero = Int(quantization.zeroPoint)
    let low = clamp.map { Int(quantization.byte($0.low)) } ?? 0
    let high = clamp.map { Int(quantization.byte($0.high)) } ?? 255
    return (Float(low - zero), Float(high - zero), zero)
  }

  /// Adds a residual to what these bytes mean, and makes other bytes of the sum.
  package mutating func add(
    _ residual: AffineQuantization, own: AffineQuantization, result: AffineQuantization, clamp: Clamp?
  ) {
    let (low, high, zero) = Self.bounds(result, clamp)
    self.residual = Residual(
      sumScale: Self.ratio(own.scale, result.scale), scale: Self.ratio(residual.scale, result.scale),
      zero: Int(residual.zeroPoint), low: low, high: high, resultZero: zero)
  }

  /// A quotient of scales, bounded so that neither 0 times it nor a difference of two products is NaN; bytes end long
  /// before.
  package static func ratio(_ a: Float, _ b: Float) -> Float { min(Float(Double(a) / Double(b)), 1e30) }

  /// What sums are multiplied with: scale of x · scale of w / scale of y; finite, so that a sum of 0 is 0.
  package static func multipliers(input: Float, weights: [Float], output: Float) -> [Float] {
    weights.map { min(Float(Double(input) * Double($0) / Double(output)), .greatestFiniteMagnitude) }
  }

  /// The number between the bounds, not rounded.
  package func float(_ sum: Int32, _ multiplier: Float) -> Float {
    min(max(Float(sum) * multiplier, low), high)
  }

  package func byte(_ sum: Int32, _ multiplier: Float, residual byte: UInt8 = 0) -> UInt8 {
    let whole = float(sum, multiplier).rounded(.toNearestOrEven)
    guard let residual else { return UInt8(Int(saturating: whole) + zero) }
    let own = whole * residual.sumScale
    let other = Float(Int(byte) - residual.zero) * residual.scale
    let bounded = min(max(own + other, residual.low), residual.high)
    return UInt8(Int(saturating: bounded.rounded(.toNearestOrEven)) + residual.resultZero)
  }
}
