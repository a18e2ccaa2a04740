public import VisionData

/// A detection to be compared with annotations.
public struct ScoredBox: Sendable, Hashable {
  /// The class, counted from 0.
  public var classIndex: Int
  /// How sure the detector is: any finite number, of which larger ones stand for more certainty; 0...1 for probabilities.
  public var score: Double
  /// Where it is, in pixels of the upright original.
  public var box: Box

  public init(classIndex: Int, score: Double, box: Box) {
    (self.classIndex, self.score, self.box) = (classIndex, score, box)
  }
}
