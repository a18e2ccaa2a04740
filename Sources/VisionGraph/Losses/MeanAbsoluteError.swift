/// w · |p − t|, averaged over all elements; the derivative is 0 where p = t.
public struct MeanAbsoluteError: ElementwiseLoss {
  public static let name = "MeanAbsoluteError"
  public var reduction: LossReduction
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    (weight * (p - t).magnitude, weight * Sign().apply(p - t))
  }

  public var attributes: Attributes { ["reduction": .string(reduction.rawValue)] }
}
