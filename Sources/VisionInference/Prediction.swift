/// One class that an image may show.
public struct Prediction: Sendable, Hashable, Codable {
  /// The name of the class.
  public let label: String
  /// The position of the class in the model's list.
  public let index: Int
  /// How likely the image shows it, 0...1.
  public let probability: Float

  public init(label: String, index: Int, probability: Float) {
    self.label = label
    self.index = index
    self.probability = probability
  }

  /// The `count` most likely classes, most likely first; ties by index.
  package static func top(_ count: Int, of probabilities: UnsafeBufferPointer<Float>, labels: [String])
    -> [Prediction]
  {
    var best: [Int] = []
    for index in probabilities.indices where count > 0 {
      if best.count == count, probabilities[index] <= probabilities[best[count - 1]] { continue }
      let position = best.firstIndex { probabilities[$0] < probabilities[index] } ?? best.count
      best.insert(index, at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map { Prediction(label: labels[$0], index: $0, probability: probabilities[$0]) }
  }
}
