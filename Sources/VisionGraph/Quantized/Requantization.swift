import VisionSystem
import VisionTensor

/// The conversion of the integer sums that operators on bytes compute.
///
/// Every step is one float32 operation, so that all kernels give the same bits as this reference. A byte may
/// differ by one from the graph in QDQ form, which rounds in other places.
package struct Requantization: Sendable, Hashable {
  /// The addition of a second operand.
  package struct Residual: Sendable, Hashable {
    /// The scales of the first operand and of the residual, both divided by the scale of the result.
    package var sumScale: Float
    package var scale: Float
    package var zero: Int
    package var low: Float
    package var high: Float
    package var resultZero: Int
  }

  /// The bounds of sum · multiplier; integers when the result is bytes.
  package var low: Float
  package var high: Float
  package var zero: Int
  package var residual: Residual?

  /// Converts to floats within the bounds of a clamp.
  package init(floats clamp: Clamp?) {
    low = clamp?.low ?? -.infinity
    high = clamp?.high ?? .infinity
    zero = 0
  }

  /// Converts to bytes of numbers that are clamped first.
  package init(_ quantization: AffineQuantization, clamp: Clamp?) {
    (low, high, zero) = Self.bounds(quantization, clamp)
  }

  /// The bounds of the rounded number relative to the zero point, and the zero point.
  private static func bounds(_ quantization: AffineQuantization, _ clamp: Clamp?) -> (Float, Float, Int) {
    let zero = Int(quantization.zeroPoint)
    let low = clamp.map { Int(quantization.byte($0.low)) } ?? 0
    let high = clamp.map { Int(quantization.byte($0.high)) } ?? 255
    return (Float(low - zero), Float(high - zero), zero)
  }

  /// Adds a residual to the numbers that these bytes represent, and converts the sum to bytes.
  package mutating func add(
    _ residual: AffineQuantization, own: AffineQuantization, result: AffineQuantization, clamp: Clamp?
  ) {
    let (low, high, zero) = Self.bounds(result, clamp)
    self.residual = Residual(
      sumScale: Self.ratio(own.scale, result.scale), scale: Self.ratio(residual.scale, result.scale),
      zero: Int(residual.zeroPoint), low: low, high: high, resultZero: zero)
  }

  /// A quotient of scales, bounded so that 0 times it, or the difference of two products, is never NaN. Bytes
  /// saturate far below the bound.
  package static func ratio(_ a: Float, _ b: Float) -> Float { min(Float(Double(a) / Double(b)), 1e30) }

  /// The factors of the sums: scale of x · scale of w / scale of y; finite, so that a sum of 0 gives 0.
  ///
  /// Product and quotient are each rounded to float32, as in ONNX Runtime, so that files of QLinear operators give the
  /// same bytes; where the product would lose bits because it is tiny, the quotient alone is rounded.
  package static func multipliers(input: Float, weights: [Float], output: Float) -> [Float] {
    weights.map { scale in
      let product = input * scale
      let factor = product.isNormal ? product / output : Float(Double(input) * Double(scale) / Double(output))
      return min(factor, .greatestFiniteMagnitude)
    }
  }

  /// The unrounded number, within the bounds.
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
