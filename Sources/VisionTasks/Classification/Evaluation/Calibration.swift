public import VisionInference
import VisionSystem
import VisionTensor

/// The temperature and threshold of a classifier, fitted on images that it was not trained on.
public struct Calibration: Sendable, Hashable {
  /// The divisor of logits before softmax. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
  public let temperature: Double
  /// The probability below which the best class is not named; nil when there were too few right answers to
  /// choose it.
  public let threshold: Double?

  /// The part of the right answers that reach the threshold.
  public static let keptPart = 0.95
  /// The fewest right answers for which a threshold is chosen: a twentieth of fewer is less than one image.
  public static let fewestRight = 20

  public init(temperature: Double, threshold: Double?) {
    self.temperature = temperature
    self.threshold = threshold
  }

  /// Fits to held-out logits N×K.
  ///
  /// The temperature minimizes the sum of the cross-entropies plus 4 · (log T)², which weighs as much as a
  /// few images, so that a handful of images cannot drive it to an extreme. The threshold is the probability
  /// that 95 % of the right answers reach.
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
    // Four decimal places are readable; rounding down keeps the image at the threshold named.
    let isEnough = right.count >= Self.fewestRight
    let threshold = isEnough ? (right[position] * 1e4).rounded(.down) / 1e4 : nil
    self.init(temperature: temperature, threshold: threshold)
  }

  /// Golden-section search over log T in ±3; the cross-entropy is convex in 1/T, so there is one minimum.
  private static func temperature(_ logits: Matrix, _ labels: [Int]) -> Double {
    func cost(_ x: Double) -> Double {
      SoftmaxRows.losses(logits, labels: labels, temperature: exp(x)).reduce(0, +) + 4 * x * x
    }
    // Nothing can be fitted to logits that are not finite.
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
