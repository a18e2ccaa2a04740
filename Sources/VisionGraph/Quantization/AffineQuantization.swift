import VisionSystem
import VisionTensor

/// How real numbers become bytes: x ≈ (q − zero point) · scale, q being 0...255.
package struct AffineQuantization: Sendable, Hashable {
  package let scale: Float
  package let zeroPoint: UInt8

  package init(scale: Float, zeroPoint: UInt8) {
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// Spreads the bytes over a range, which is widened to hold 0, since 0 must have a byte of its own.
  package init(_ range: ClosedRange<Float>) {
    let (low, high) = (min(range.lowerBound, 0), max(range.upperBound, 0))
    let step = (high - low) / 255
    guard step.isFinite, step >= .leastNormalMagnitude else {
      self.init(scale: 1, zeroPoint: 0)
      return
    }
    // In double precision, so that rounding errors do not shift the zero point of a range that is symmetric
    // around 0.
    let share = -Double(low) / (Double(high) - Double(low))
    let zero = min(max((share * 255).rounded(.toNearestOrEven), 0), 255)
    self.init(scale: step, zeroPoint: UInt8(saturating: zero))
  }

  /// The byte of a number, halves to even; what is out of range goes to the end of it.
  package func byte(_ x: Float) -> UInt8 {
    let q = (x / scale).rounded(.toNearestOrEven) + Float(zeroPoint)
    return UInt8(saturating: min(max(q, 0), 255))
  }

  /// Whether the bytes represent nothing outside the clamp's bounds, so that the clamp changes no byte.
  func implies(_ clamp: Clamp) -> Bool { byte(clamp.low) == 0 && byte(clamp.high) == 255 }
}
