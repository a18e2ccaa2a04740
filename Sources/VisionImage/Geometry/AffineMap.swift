/// Takes positions of one image to those of another: x′ = a·x + b·y + tx, y′ = c·x + d·y + ty.
///
/// Positions are those of edges: the first pixel of a row reaches from 0 to 1, and its center is at 0.5. Boxes, the pixels of class
/// maps and key points are moved by the same map as the image's pixels.
public struct AffineMap: Sendable, Hashable {
  public var a: Double
  public var b: Double
  public var tx: Double
  public var c: Double
  public var d: Double
  public var ty: Double

  public init(
    a: Double = 1, b: Double = 0, tx: Double = 0, c: Double = 0, d: Double = 1, ty: Double = 0
  ) {
    (self.a, self.b, self.tx, self.c, self.d, self.ty) = (a, b, tx, c, d, ty)
  }

  /// Leaves every position where it is.
  public static let identity = AffineMap()

  /// Where the position comes to lie.
  public func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + tx, c * x + d * y + ty)
  }

  /// This map and then the next one.
  public func then(_ next: AffineMap) -> AffineMap {
    AffineMap(
      a: next.a * a + next.b * c, b: next.a * b + next.b * d, tx: next.a * tx + next.b * ty + next.tx,
      c: next.c * a + next.d * c, d: next.c * b + next.d * d, ty: next.c * tx + next.d * ty + next.ty)
  }

  /// The area that a pixel has afterwards; negative when left and right have changed places, 0 when the map flattens the image.
  public var determinant: Double { a * d - b * c }

  /// Whether what was on the left of something that points upward is now on its right: key points called left and right change names.
  public var isMirrored: Bool { determinant < 0 }

  /// The map that leads back.
  ///
  /// Precondition: `determinant` is not 0.
  public var inverse: AffineMap {
    precondition(determinant != 0, "a map that flattens the image has no inverse: \(self)")
    let factor = 1 / determinant
    return AffineMap(
      a: d * factor, b: -b * factor, tx: (b * ty - d * tx) * factor,
      c: -c * factor, d: a * factor, ty: (c * tx - a * ty) * factor)
  }
}
