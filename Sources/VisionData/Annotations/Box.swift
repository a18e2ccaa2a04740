/// A rectangle with upright sides in an image, in pixels of the upright original.
///
/// Positions are those of edges: the first pixel of a row reaches from 0 to 1, so a box around it has `x` 0
/// and `width` 1.
public struct Box: Sendable, Hashable {
  /// The left edge.
  public var x: Double
  /// The top edge.
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// The right edge.
  public var right: Double { x + width }
  /// The bottom edge.
  public var bottom: Double { y + height }
  /// The area in square pixels; 0 for a box without width or height.
  public var area: Double { max(width, 0) * max(height, 0) }
}
