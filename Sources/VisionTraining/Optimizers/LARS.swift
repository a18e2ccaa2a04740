/// SGD with momentum whose rate is scaled for each parameter: v = μ · v + rate · q · (g + λ · w), w = w − v,
/// with q = η · ‖w‖ / (‖g‖ + λ · ‖w‖ + ε). Biases and norms are updated with q = 1 and λ = 0.
///
/// For large batches. You et al., "Large Batch Training of Convolutional Networks", 2017, algorithm 1.
public struct LARS: Optimizer, Hashable {
  /// μ, in 0..<1.
  public var momentum: Float
  /// λ, at least 0.
  public var weightDecay: Float
  /// η, above 0.
  public var trust: Float
  /// ε, at least 0.
  public var epsilon: Float

  public init(
    momentum: Float = 0.9, weightDecay: Float = 1e-4, trust: Float = 0.001, epsilon: Float = 1e-8
  ) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.trust = trust
    self.epsilon = epsilon
  }

  public var slotCount: Int { 1 }
  public var needsWholeParameter: Bool { true }

  public func update(_ part: borrowing ParameterPart) {
    let (w, g, v, mu) = (part.weights, part.gradient, part.slot(0), momentum)
    var (rate, decay) = (part.rate, Float(0))
    if part.decays {
      decay = weightDecay
      let weights = Norm.of(UnsafeBufferPointer(w))
      let gradients = Norm.of(g)
      // A parameter whose weights or gradient are zero keeps the common rate.
      if weights > 0, gradients > 0 {
        rate *= Float(
          Double(trust) * weights / (gradients + Double(decay) * weights + Double(epsilon)))
      }
    }
    for i in w.indices {
      v[i] = mu * v[i] + rate * (g[i] + decay * w[i])
      w[i] -= v[i]
    }
  }
}
