public import VisionGraph

/// The features that a network computes from its input, on which the head is built.
public struct FeatureLevels: Sendable {
  /// Feature maps N×C×H×W, finest first, each with its stride in columns of the input.
  public var levels: [(stride: Int, value: Value)]
  /// The embedding of a whole sample, N×E; nil if the network has none.
  public var embedding: Value?

  public init(levels: [(stride: Int, value: Value)] = [], embedding: Value? = nil) {
    (self.levels, self.embedding) = (levels, embedding)
  }
}
