/// v is a running mean of g², w = w − rate · g / (√v + ε); centered, v is the variance; with momentum, the
/// quotients are summed up as SGD sums up gradients.
///
/// The numbers are those of PyTorch's `RMSprop`, except that weight decay is decoupled,
/// w = w · (1 − rate · λ), and does not apply to biases and norms. Tieleman and Hinton,
/// "Lecture 6.5: rmsprop", 2012; Graves 2013 for the centered form.
public struct RMSprop: Optimizer, Hashable {
  /// How much of the mean of g² survives an update, in 0..<1.
  public var alpha: Float
  /// ε, above 0.
  public var epsilon: Float
  /// In 0..<1.
  public var momentum: Float
  /// Whether the square of the mean of g is subtracted from v.
  public var isCentered: Bool
  /// λ, at least 0.
  public var weightDecay: Float

  public init(
    alpha: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0, centered: Bool = false,
    weightDecay: Float = 0
  ) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    isCentered = centered
    self.weightDecay = weightDecay
  }

  public var slotCount: Int { 1 + (momentum == 0 ? 0 : 1) + (isCentered ? 1 : 0) }

  public func update(_ part: borrowing ParameterPart) {
    let (w, g, v, rate) = (part.weights, part.gradient, part.slot(0), part.rate)
    let (alpha, epsilon, momentum) = (alpha, epsilon, momentum)
    let kept = part.decays ? 1 - rate * weightDecay : 1
    for i in w.indices { v[i] = alpha * v[i] + (1 - alpha) * g[i] * g[i] }
    // Without centering, `mean` is only a placeholder: `shift` is 0.
    let mean = isCentered ? part.slot(slotCount - 1) : v
    if isCentered { for i in w.indices { mean[i] += (1 - alpha) * (g[i] - mean[i]) } }
    let shift: Float = isCentered ? 1 : 0
    if momentum == 0 {
      for i in w.indices {
        let variance = max(v[i] - shift * mean[i] * mean[i], 0)
        w[i] = kept * w[i] - rate * g[i] / (variance.squareRoot() + epsilon)
      }
    } else {
      let sum = part.slot(1)
      for i in w.indices {
        let variance = max(v[i] - shift * mean[i] * mean[i], 0)
        sum[i] = momentum * sum[i] + g[i] / (variance.squareRoot() + epsilon)
        w[i] = kept * w[i] - rate * sum[i]
      }
    }
  }
}
