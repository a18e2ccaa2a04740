public import VisionData

/// An object that a detector found in an image.
public struct Detection: Sendable, Hashable {
  /// The name of its class.
  public var label: String
  /// The class, counted from 0.
  public var index: Int
  /// How sure the detector is, 0...1.
  public var score: Float
  /// Where it is, in pixels of the upright original.
  public var box: Box

  public init(label: String, index: Int, score: Float, box: Box) {
    (self.label, self.index, self.score, self.box) = (label, index, score, box)
  }
}
