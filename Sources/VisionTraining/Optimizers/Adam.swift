/// Adaptive moments: m and v are running means of g and g², w = w − rate · m̂ / (√v̂ + ε), where m̂ and v̂
/// are m and v corrected for the bias of their start at zero.
///
/// The numbers are those of PyTorch's `Adam`, except that the weight decay, g = g + λ · w, does not apply to
/// biases and norms. Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.
public struct Adam: Optimizer, Hashable {
  /// How much of the mean of g survives an update, in 0..<1.
  public var beta1: Float
  /// How much of the mean of g² survives an update, in 0..<1.
  public var beta2: Float
  /// ε, above 0.
  public var epsilon: Float
  /// λ, at least 0; with weight decay, `AdamW` is usually better.
  public var weightDecay: Float

  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var slotCount: Int { 2 }

  public func update(_ part: borrowing ParameterPart) {
    AdaptiveMoments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: part.step)
      .update(part, added: part.decays ? weightDecay : 0, kept: 1)
  }
}
