package import VisionTensor

/// gx = (g − mean(g) − d · mean(g·d) / (σ·(σ + ε))) / (σ + ε), with d = x − mean(x), σ² = mean(d²) and ε = 10⁻⁹ over
/// some axes.
///
/// Inputs: g and x, of one floating-point type and shape.
package struct MeanVarianceNormalizationGradient: InternalOperator {
  package static let name = "MeanVarianceNormalizationGradient"
  package var axes: [Int]

  package init(axes: [Int]) { self.axes = axes }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    return try MeanVarianceNormalization(axes: axes).outputs([g])
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let x = try Reference.required(inputs, 1).doubles
    let reduced: Set<Int>
    do {
      reduced = Set(try ShapeRule.reducedAxes(axes, rank: fact.shape.rank))
    } catch { throw EvaluationError(error.message) }
    let kept = (0..<fact.shape.rank).filter { !reduced.contains($0) }
    let steps = fact.shape.strides
    let offsets = Reference.indices(
      Shape(reduced.sorted().map { fact.shape[$0] }), steps: reduced.sorted().map { steps[$0] })
    var result = g
    let count = Double(offsets.count)
    for start in Reference.indices(Shape(kept.map { fact.shape[$0] }), steps: kept.map { steps[$0] }) {
      let places = offsets.map { start + $0 }
      let (mean, variance) = Reference.moments(places.map { x[$0] })
      let (deviation, sum) = (variance.squareRoot(), variance.squareRoot() + 1e-9)
      let average = places.reduce(0) { $0 + g[$1] } / count
      let product = places.reduce(0) { $0 + g[$1] * (x[$1] - mean) } / count
      for place in places {
        let moved = deviation == 0 ? 0 : (x[place] - mean) * product / (deviation * sum)
        result[place] = (g[place] - average - moved) / sum
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { ["axes": .ints(axes)] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 12 * outputs[0].shape.elementCount }
}
