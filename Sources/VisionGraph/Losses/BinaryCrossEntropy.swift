import VisionSystem

/// −(w · t · ln σ(p) + (1 − t) · ln(1 − σ(p))) for logits p and targets t in 0...1, for images with several
/// labels. The mean is taken over all elements, whatever the weights.
///
/// The weights apply to the positive targets, like PyTorch's `pos_weight`.
public struct BinaryCrossEntropy: ElementwiseLoss {
  public static let name = "BinaryCrossEntropy"
  /// The amount s of label smoothing: t becomes t · (1 − s) + s/2.
  public var labelSmoothing: Float
  public var reduction: LossReduction

  public init(labelSmoothing: Float = 0, reduction: LossReduction = .mean) {
    self.labelSmoothing = labelSmoothing
    self.reduction = reduction
  }

  public func term(_ p: Double, _ t: Double, weight: Double) -> (loss: Double, derivative: Double) {
    let smoothing = Double(labelSmoothing)
    let t = t * (1 - smoothing) + smoothing / 2
    // −ln σ(p) = softplus(−p), −ln(1 − σ(p)) = softplus(p).
    let loss = weight * t * Libm.softplus(-p) + (1 - t) * Libm.softplus(p)
    return (loss, (1 - t) * Libm.sigmoid(p) - weight * t * Libm.sigmoid(-p))
  }

  public var attributes: Attributes {
    ["label_smoothing": .float(labelSmoothing), "reduction": .string(reduction.rawValue)]
  }
}
