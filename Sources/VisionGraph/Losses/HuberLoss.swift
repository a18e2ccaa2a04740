/// w · ½(p − t)² up to a distance of δ, w · δ(|p − t| − ½δ) beyond. The mean is taken over all elements.
/// Source: Huber 1964.
public struct HuberLoss: ElementwiseLoss {
  public static let name = "HuberLoss"
  /// The distance δ > 0 beyond which the loss is linear.
  public var delta: Float
  public var reduction: LossReduction

  public init(delta: Float = 1, reduction: LossReduction = .mean) {
    self.delta = delta
    self.reduction = reduction
  }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    let (delta, distance) = (Double(delta), (p - t).magnitude)
    if distance > delta {
      return (weight * delta * (distance - 0.5 * delta), weight * delta * Sign().apply(p - t))
    }
    return (weight * 0.5 * distance * distance, weight * (p - t))
  }

  public var attributes: Attributes {
    ["delta": .float(delta), "reduction": .string(reduction.rawValue)]
  }
}
