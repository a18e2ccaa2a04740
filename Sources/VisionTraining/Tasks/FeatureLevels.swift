public import VisionGraph

/// What a network makes of its input before the head, which is built on it.
public struct FeatureLevels: Sendable {
  /// Maps of features N×C×H×W, finest first, each with the columns of the input for one of its own.
  public var levels: [(stride: Int, value: Value)]
  /// Numbers that describe a sample as a whole, N×E; nil where the network makes none.
  public var embedding: Value?

  public init(levels: [(stride: Int, value: Value)] = [], embedding: Value? = nil) {
    (self.levels, self.embedding) = (levels, embedding)
  }
}
