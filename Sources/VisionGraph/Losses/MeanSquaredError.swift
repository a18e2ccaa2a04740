/// w · (p − t)², averaged over all elements.
public struct MeanSquaredError: ElementwiseLoss {
  public static let name = "MeanSquaredError"
  public var reduction: LossReduction
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    (weight * (p - t) * (p - t), 2 * weight * (p - t))
  }

  public var attributes: Attributes { ["reduction": .string(reduction.rawValue)] }
}
