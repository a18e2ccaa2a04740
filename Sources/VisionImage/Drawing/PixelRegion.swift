/// A rectangle with upright sides in an image, in pixels; positions are those of edges, as `AffineMap` has them.
package struct PixelRegion: Sendable, Hashable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  var right: Double { x + width }
  var bottom: Double { y + height }
  var isFinite: Bool { right.isFinite && bottom.isFinite && x.isFinite && y.isFinite }

  /// The area that both have.
  func shared(with other: PixelRegion) -> Double {
    let (w, h) = (min(right, other.right) - max(x, other.x), min(bottom, other.bottom) - max(y, other.y))
    return w > 0 && h > 0 ? w * h : 0
  }

  /// The region with `factor` times its sides and the same middle.
  package func scaled(_ factor: Double) -> PixelRegion {
    PixelRegion(
      x: x + width * (1 - factor) / 2, y: y + height * (1 - factor) / 2, width: width * factor,
      height: height * factor)
  }
}
