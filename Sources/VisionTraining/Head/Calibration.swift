public import VisionInference
import VisionSystem
import VisionTensor

/// How far the probabilities of a classifier can be believed, fitted on images that it was not trained on.
public struct Calibration: Sendable, Hashable {
  /// What logits are divided by before softmax. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
  public let temperature: Double
  /// The probability below which the best class is not named; nil when there was too little to choose it on.
  public let threshold: Double?

  /// The part of the right answers that stay named.
  public static let keptPart = 0.95
  /// Right answers without which no threshold is chosen: the twentieth part of fewer is no image at all.
  public static let fewestRight = 20

  public init(temperature: Double, threshold: Double?) {
    self.temperature = temperature
    self.threshold = threshold
  }

  /// Fits to held-out logits N×K.
  ///
  /// The temperature minimizes the cross-entropy together with (log T)² · 4, worth a few images, so that a handful
  /// of them cannot drive it to an extreme. The threshold is the probability that 95 in 100 right answers
  /// reach.
  public init(logits: Matrix, labels: [Int]) {
    guard !labels.isEmpty else {
      self.init(temperature: 1, threshold: nil)
      return
    }
    let temperature = Self.temperature(logits, labels)
    let probabilities = SoftmaxRows.probabilities(logits, temperature: temperature)
    var right: [Double] = []
    for (row, label) in labels.enumerated() {
      guard probabilities.largest(inRow: row) == label else { continue }
      right.append(Double(probabilities[row: row].max() ?? 0))
    }
    right.sort()
    let position = Int(saturating: (1 - Self.keptPart) * Double(right.count))
    // Four digits, so that the number can be read, rounded down so that its own image stays named.
    let isEnough = right.count >= Self.fewestRight
    let threshold = isEnough ? (right[position] * 1e4).rounded(.down) / 1e4 : nil
    self.init(temperature: temperature, threshold: threshold)
  }

  /// Golden-section search over log T in ±3; the cross-entropy is convex in 1/T, so there is one minimum.
  private static func temperature(_ logits: Matrix, _ labels: [Int]) -> Double {
    func cost(_ x: Double) -> Double {
      SoftmaxRows.losses(logits, labels: labels, temperature: exp(x)).reduce(0, +) + 4 * x * x
    }
    // Logits that are no numbers say nothing.
    guard cost(0).isFinite else { return 1 }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-3.0, 3.0)
    var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
    var (costA, costB) = (cost(a), cost(b))
    while high - low > 1e-4 {
      if costA <= costB {
        (high, b, costB) = (b, a, costA)
        a = high - ratio * (high - low)
        costA = cost(a)
      } else {
        (low, a, costA) = (a, b, costB)
        b = low + ratio * (high - low)
        costB = cost(b)
      }
    }
    return exp((low + high) / 2)
  }
}
