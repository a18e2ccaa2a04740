/// Adam with decoupled weight decay: w = w · (1 − rate · λ) before each update, except for biases and norms.
///
/// The numbers are those of PyTorch's `AdamW`. Loshchilov and Hutter, "Decoupled Weight Decay
/// Regularization", 2019.
public struct AdamW: Optimizer, Hashable {
  /// How much of the mean of g survives an update, in 0..<1.
  public var beta1: Float
  /// How much of the mean of g² survives an update, in 0..<1.
  public var beta2: Float
  /// ε, above 0.
  public var epsilon: Float
  /// λ, at least 0.
  public var weightDecay: Float

  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var slotCount: Int { 2 }

  public func update(_ part: borrowing ParameterPart) {
    AdaptiveMoments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: part.step)
      .update(part, added: 0, kept: part.decays ? 1 - part.rate * weightDecay : 1)
  }
}
