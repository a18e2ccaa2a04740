import VisionSystem

/// −Σ over k of w[k] · t[k] · ln softmax(p)[k] for each row of logits p: cross-entropy against a class or
/// probabilities.
///
/// Weights, smoothing and mean are as in PyTorch's `cross_entropy`. Source of the smoothing: Szegedy et al.
/// 2016, section 7.
public struct SoftmaxCrossEntropy: ClassificationLoss {
  public static let name = "SoftmaxCrossEntropy"
  public static let takesProbabilities = true
  /// The amount s of label smoothing: t becomes t · (1 − s) + s/K.
  public var labelSmoothing: Float
  public var ignoredClass: Int?
  public var reduction: LossReduction

  public init(labelSmoothing: Float = 0, ignoredClass: Int? = nil, reduction: LossReduction = .mean) {
    self.labelSmoothing = labelSmoothing
    self.ignoredClass = ignoredClass
    self.reduction = reduction
  }

  public func row(_ logProbabilities: [Double], _ target: [Double], weights: [Double]) -> (
    loss: Double, derivatives: [Double]
  ) {
    let smoothing = Double(labelSmoothing)
    let target = zip(target, weights).map {
      $1 * ($0 * (1 - smoothing) + smoothing / Double(target.count))
    }
    let sum = target.reduce(0, +)
    let loss = zip(target, logProbabilities).reduce(0) { $1.0 == 0 ? $0 : $0 - $1.0 * $1.1 }
    return (loss, zip(target, logProbabilities).map { Libm.exp($1) * sum - $0 })
  }

  public var attributes: Attributes {
    var attributes: Attributes = [
      "label_smoothing": .float(labelSmoothing), "reduction": .string(reduction.rawValue),
    ]
    if let ignoredClass { attributes["ignored_class"] = .int(ignoredClass) }
    return attributes
  }
}
