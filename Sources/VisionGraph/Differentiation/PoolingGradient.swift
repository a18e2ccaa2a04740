package import VisionTensor

/// The gradient of a pooling with a sliding window, named after it, such as `MaxPoolGradient` and
/// `AveragePoolGradient`.
///
/// Inputs: g N×C×output; the shape of x, int64, known before the run; x N×C×spatial of the type of g, where the pooling
/// derives from its elements.
package struct PoolingGradient<Pool: Pooling>: InternalOperator {
  package static var name: String { "\(Pool.name)Gradient" }
  package let pool: Pool

  package init(_ pool: Pool) { self.pool = pool }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let x = Fact(g.type, try ShapeRule.constantShape(inputs, 1))
    let y = try pool.outputs([x])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    if Pool.derivesFromElements { try ShapeRule.same(inputs, 2, as: x) }
    return [x]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let spatial = Array(fact.shape.dimensions.dropFirst(2))
    let window: Window.Resolved
    do {
      window = try pool.window.resolved(spatial, ceiling: pool.ceiling)
    } catch { throw EvaluationError(error.message) }
    let taps = Conv.taps(of: pool.window, window, input: spatial)
    let areas = Pool.areas(of: pool.window, window, input: spatial)
    let source = Reference.optional(inputs, 2)?.doubles
    let plane = spatial.reduce(1, *)
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    for channel in 0..<(fact.shape[0] * fact.shape[1]) {
      for (position, (taps, area)) in zip(taps, areas).enumerated() {
        let elements = taps.map { source?[channel * plane + $0.position] ?? 0 }
        let factors = elements.isEmpty ? [] : pool.derivatives(elements, area: area)
        for (tap, factor) in zip(taps, factors) {
          result[channel * plane + tap.position] += g[channel * areas.count + position] * factor
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { pool.attributes }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    (inputs[0]?.shape.elementCount ?? 0) * pool.window.kernel.reduce(1, *)
  }
}
