/// The common part of Adam, AdamW and LAMB: running means of g and g², and their bias corrections.
struct AdaptiveMoments {
  let beta1: Float
  let beta2: Float
  let epsilon: Float
  /// 1 / (1 − β₁ᵗ).
  let scale1: Float
  /// 1 / √(1 − β₂ᵗ).
  let scale2: Float

  /// - Parameter step: t, from 1 on.
  init(beta1: Float, beta2: Float, epsilon: Float, step: Int) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    scale1 = Float(1 / (1 - Self.power(Double(beta1), step)))
    scale2 = Float(1 / (1 - Self.power(Double(beta2), step)).squareRoot())
  }

  /// w = kept · w − rate · m̂ / (√v̂ + ε), after g = g + added · w.
  func update(_ part: borrowing ParameterPart, added: Float, kept: Float) {
    let (w, g, m, v) = (part.weights, part.gradient, part.slot(0), part.slot(1))
    let (beta1, beta2, epsilon, root) = (beta1, beta2, epsilon, scale2)
    let rate = part.rate * scale1
    for i in w.indices {
      let gradient = g[i] + added * w[i]
      let mean = m[i] + (1 - beta1) * (gradient - m[i])
      let square = beta2 * v[i] + (1 - beta2) * gradient * gradient
      m[i] = mean
      v[i] = square
      w[i] = kept * w[i] - rate * mean / (square.squareRoot() * root + epsilon)
    }
  }

  /// x to an integer power, by repeated squaring, which gives the same bits on every system.
  private static func power(_ x: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, x, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
