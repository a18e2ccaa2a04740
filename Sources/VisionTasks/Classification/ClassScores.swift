public import VisionInference

/// A network's prediction for one image: a probability for each class.
public struct ClassScores: Sendable, Hashable {
  /// In the order of the classes, each in 0...1; their sum is 1 unless several classes may be right.
  public let probabilities: [Float]
  /// A remark on the interpretation of the network's outputs; nil for none.
  public let remark: String?
  /// The logits that the probabilities were computed from, for calibration; empty where they are not known.
  let logits: [Float]

  public init(probabilities: [Float], remark: String? = nil) {
    (self.probabilities, self.remark, logits) = (probabilities, remark, [])
  }

  /// The softmax of the logits after a division by the temperature.
  init(logits: [Float], temperature: Double) {
    let row = Matrix(rows: 1, columns: logits.count, elements: logits)
    probabilities = SoftmaxRows.probabilities(row, temperature: temperature).elements
    (self.logits, remark) = (logits, nil)
  }

  /// The `count` most likely classes, most likely first; equally likely ones in the order of the classes.
  public func top(_ count: Int, labels: [String]) -> [Prediction] {
    probabilities.withUnsafeBufferPointer { Prediction.top(count, of: $0, labels: labels) }
  }
}
