/// A position in an image, in pixels of the upright original: of edges, so that the center of the first pixel
/// is at 0.5, 0.5.
public struct ImagePoint: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}
