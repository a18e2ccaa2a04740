public import VisionData
public import VisionInference

/// A face that was found in an image.
public struct Face: Sendable, Hashable {
  /// What a network for emotions makes of a face: how an expression looks to those who labeled its images, which is not what the
  /// person feels.
  public struct Emotions: Sendable, Hashable {
    /// All classes with their shares, the largest first; they sum to 1. Empty where the face could not be aligned.
    public var shares: [Prediction]
    /// Whether the network cannot say: no share reaches the threshold, or the face could not be aligned.
    public var isUnknown: Bool

    public init(shares: [Prediction], isUnknown: Bool) {
      (self.shares, self.isUnknown) = (shares, isUnknown)
    }

    /// The class with the largest share, or `unknown`.
    public var label: String { isUnknown ? "unknown" : shares.first?.label ?? "unknown" }
  }

  /// How sure the detector is, 0...1.
  public var score: Float
  /// Where it is, in pixels of the upright original, clipped to it.
  public var box: Box
  /// The eyes, the tip of the nose and the corners of the mouth, each pair from the left of an upright image, in pixels of the
  /// upright original; they may lie outside.
  public var points: [ImagePoint]
  /// Nil where no network for emotions was asked.
  public var emotions: Emotions?

  public init(score: Float, box: Box, points: [ImagePoint], emotions: Emotions? = nil) {
    (self.score, self.box, self.points, self.emotions) = (score, box, points, emotions)
  }
}
