/// Adam whose update is scaled for each parameter: u = m̂ / (√v̂ + ε) + λ · w, w = w − rate · ‖w‖ / ‖u‖ · u.
/// Biases and norms are updated as by Adam.
///
/// For large batches. You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes",
/// 2020, algorithm 2 with φ(z) = z.
public struct LAMB: Optimizer, Hashable {
  /// How much of the mean of g survives an update, in 0..<1.
  public var beta1: Float
  /// How much of the mean of g² survives an update, in 0..<1.
  public var beta2: Float
  /// ε, above 0.
  public var epsilon: Float
  /// λ, at least 0.
  public var weightDecay: Float

  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-6, weightDecay: Float = 0.01) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var slotCount: Int { 2 }
  public var needsWholeParameter: Bool { true }

  public func update(_ part: borrowing ParameterPart) {
    let moments = AdaptiveMoments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: part.step)
    guard part.decays else {
      moments.update(part, added: 0, kept: 1)
      return
    }
    let (w, g, m, v, decay) = (part.weights, part.gradient, part.slot(0), part.slot(1), weightDecay)
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    let (first, root) = (moments.scale1, moments.scale2)
    for i in w.indices {
      m[i] += (1 - beta1) * (g[i] - m[i])
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
    }
    // u is computed twice, which is cheaper than storing it.
    func direction(_ i: Int) -> Float {
      m[i] * first / (v[i].squareRoot() * root + epsilon) + decay * w[i]
    }
    let weights = Norm.of(UnsafeBufferPointer(w))
    let updates = Norm.of(count: w.count, direction)
    let rate = weights > 0 && updates > 0 ? part.rate * Float(weights / updates) : part.rate
    for i in w.indices { w[i] -= rate * direction(i) }
  }
}
