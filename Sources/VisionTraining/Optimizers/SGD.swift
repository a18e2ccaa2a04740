/// Stochastic gradient descent: v = μ · v + g, w = w − rate · v; with Nesterov momentum,
/// w = w − rate · (g + μ · v).
///
/// The numbers are those of PyTorch's `SGD`, except that weight decay is decoupled, w = w · (1 − rate · λ),
/// and does not apply to biases and norms. With `couplesDecay`, it is PyTorch's g = g + λ · w, still without
/// biases and norms. Sutskever et al., "On the importance of initialization and momentum in deep learning",
/// 2013.
public struct SGD: Optimizer, Hashable {
  /// μ, in 0..<1.
  public var momentum: Float
  /// Whether Nesterov momentum is used.
  public var isNesterov: Bool
  /// λ, at least 0.
  public var weightDecay: Float
  /// Whether the decay is added to the gradient, and so to the momentum, as in PyTorch.
  public var couplesDecay: Bool

  public init(
    momentum: Float = 0.9, nesterov: Bool = false, weightDecay: Float = 0, couplesDecay: Bool = false
  ) {
    self.momentum = momentum
    isNesterov = nesterov
    self.weightDecay = weightDecay
    self.couplesDecay = couplesDecay
  }

  public var slotCount: Int { momentum == 0 ? 0 : 1 }

  public func update(_ part: borrowing ParameterPart) {
    let (w, g, rate) = (part.weights, part.gradient, part.rate)
    let decay = part.decays ? weightDecay : 0
    let (added, kept) = couplesDecay ? (decay, 1) : (0, 1 - rate * decay)
    guard momentum != 0 else {
      for i in w.indices { w[i] = kept * w[i] - rate * (g[i] + added * w[i]) }
      return
    }
    let (v, mu) = (part.slot(0), momentum)
    if isNesterov {
      for i in w.indices {
        let gradient = g[i] + added * w[i]
        v[i] = mu * v[i] + gradient
        w[i] = kept * w[i] - rate * (gradient + mu * v[i])
      }
    } else {
      for i in w.indices {
        v[i] = mu * v[i] + (g[i] + added * w[i])
        w[i] = kept * w[i] - rate * v[i]
      }
    }
  }
}
