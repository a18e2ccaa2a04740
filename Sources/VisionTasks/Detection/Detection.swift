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
  /// Points of the object in pixels of the upright original, where the detector finds such; they may lie outside. Of a
  /// face: the eyes, the tip of the nose and the corners of the mouth, each pair from the left of an upright image.
  public var points: [ImagePoint]

  public init(label: String, index: Int, score: Float, box: Box, points: [ImagePoint] = []) {
    (self.label, self.index, self.score, self.box) = (label, index, score, box)
    self.points = points
  }
}
