public import VisionInference

/// A network's prediction for one image: a probability for each class.
public struct ClassScores: Sendable, Hashable {
  /// In the order of the classes, each in 0...1; their sum is 1 unless several classes may be right.
  public let probabilities: [Float]
  /// A remark on the interpretation of the network's outputs; nil for none.
  public let remark: String?

  public init(probabilities: [Float], remark: String? = nil) {
    (self.probabilities, self.remark) = (probabilities, remark)
  }

  /// The `count` most likely classes, most likely first; equally likely ones in the order of the classes.
  public func top(_ count: Int, labels: [String]) -> [Prediction] {
    probabilities.withUnsafeBufferPointer { Prediction.top(count, of: $0, labels: labels) }
  }
}
