import VisionSystem

/// −w · a · (1 − q)^γ · ln q for logits p and targets t in {0, 1}: q = σ(p) and a = α where t is 1, q = 1 −
/// σ(p) and a = 1 − α where t is 0. Other t in 0...1 mix the two linearly. The mean is taken over all
/// elements. Source: Lin et al. 2017, equation 5.
public struct BinaryFocalLoss: ElementwiseLoss {
  public static let name = "BinaryFocalLoss"
  /// The weight of positive targets, in 0...1; with nil, positive and negative targets have weight 1.
  public var alpha: Float?
  /// How strongly well-classified examples are down-weighted; at least 0.
  public var gamma: Float
  public var reduction: LossReduction

  public init(alpha: Float? = 0.25, gamma: Float = 2, reduction: LossReduction = .mean) {
    self.alpha = alpha
    self.gamma = gamma
    self.reduction = reduction
  }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    let positive = focal(p)
    let negative = focal(-p)
    let (a, b) = (weight * t * Double(alpha ?? 1), weight * (1 - t) * (alpha.map { 1 - Double($0) } ?? 1))
    return (a * positive.loss + b * negative.loss, a * positive.derivative - b * negative.derivative)
  }

  /// −(1 − q)^γ · ln q with q = σ(p), and its derivative with respect to p.
  private func focal(_ p: Double) -> (loss: Double, derivative: Double) {
    let (gamma, other, cost) = (Double(gamma), Libm.sigmoid(-p), Libm.softplus(-p))
    let power = Libm.pow(other, gamma)
    return (power * cost, -power * (gamma * (1 - other) * cost + other))
  }

  public var attributes: Attributes {
    var attributes: Attributes = ["gamma": .float(gamma), "reduction": .string(reduction.rawValue)]
    if let alpha { attributes["alpha"] = .float(alpha) }
    return attributes
  }
}
