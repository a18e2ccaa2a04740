import VisionSystem

/// −w[c] · (1 − q)^γ · ln q for each row, where q is the softmax of the logits at its class c. Source: Lin et
/// al. 2017, equation 4, with softmax instead of sigmoid.
public struct FocalLoss: ClassificationLoss {
  public static let name = "FocalLoss"
  /// How strongly well-classified examples are down-weighted; at least 0.
  public var gamma: Float
  public var ignoredClass: Int?
  public var reduction: LossReduction

  public init(gamma: Float = 2, ignoredClass: Int? = nil, reduction: LossReduction = .mean) {
    self.gamma = gamma
    self.ignoredClass = ignoredClass
    self.reduction = reduction
  }

  public func row(_ logProbabilities: [Double], _ target: [Double], weights: [Double]) -> (
    loss: Double, derivatives: [Double]
  ) {
    let label = target.firstIndex(of: 1) ?? 0
    let (gamma, weight) = (Double(gamma), weights[label])
    let (log, q) = (logProbabilities[label], Libm.exp(logProbabilities[label]))
    // ln q rounds to 0 long before 1 − q does.
    let other = -Libm.expm1(log)
    let loss = -weight * Libm.pow(other, gamma) * log
    // q · dloss/dq; dq/dp[k] = q · (1 − softmax(p)[k]) at k = c, −q · softmax(p)[k] elsewhere.
    let bend = gamma == 0 || other == 0 ? 0 : gamma * Libm.pow(other, gamma - 1) * q * log
    let slope = weight * (bend - Libm.pow(other, gamma))
    let derivatives = logProbabilities.enumerated().map { index, logarithm in
      slope * ((index == label ? 1 : 0) - Libm.exp(logarithm))
    }
    return (loss, derivatives)
  }

  public var attributes: Attributes {
    var attributes: Attributes = ["gamma": .float(gamma), "reduction": .string(reduction.rawValue)]
    if let ignoredClass { attributes["ignored_class"] = .int(ignoredClass) }
    return attributes
  }
}
