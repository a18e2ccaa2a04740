import VisionNet

/// Σ(p − t)² / Σ(t − mean of t)²: a loss of a whole batch, 1 for always guessing the mean.
struct RelativeSquaredError: LossOperator {
  static let name = "RelativeSquaredError"
  var reduction: LossReduction { .sum }

  func check(_ prediction: Fact, _ target: Fact, _ weights: Fact?) throws(ShapeError) {
    guard prediction.shape == target.shape, weights == nil else {
      throw ShapeError("prediction and target need one shape, and there are no weights")
    }
  }

  func terms(_ prediction: Tensor, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError) -> LossTerms
  {
    let (p, t) = (prediction.doubles, target.doubles)
    let mean = t.reduce(0, +) / Double(t.count)
    let spread = max(t.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }, 1e-9)
    let errors = zip(p, t).map { $0 - $1 }
    return LossTerms(
      losses: errors.map { $0 * $0 / spread }, derivatives: errors.map { 2 * $0 / spread }, divisor: 1)
  }
}
