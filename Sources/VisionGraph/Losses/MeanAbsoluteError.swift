/// w · |p − t|, the mean over all elements; its derivative is 0 where they are equal.
public struct MeanAbsoluteError: ElementwiseLoss {
  public static let name = "MeanAbsoluteError"
  public var reduction: LossReduction
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    (weight * (p - t).magnitude, weight * Sign().apply(p - t))
  }

  public var attributes: Attributes { ["reduction": .string(reduction.rawValue)] }
}
