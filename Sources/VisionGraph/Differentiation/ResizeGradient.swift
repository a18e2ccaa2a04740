import VisionSystem
package import VisionTensor

/// The transpose of Resize: every element of g is spread, with the weights of Resize, over the elements of x
/// that it was computed from.
///
/// Inputs: g, a floating-point type; the shape of x, int64, known before the run; roi, scales and sizes as in Resize.
package struct ResizeGradient: InternalOperator {
  package static let name = "ResizeGradient"
  package let resize: Resize

  package init(_ resize: Resize) { self.resize = resize }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let x = Fact(g.type, try ShapeRule.constantShape(inputs, 1))
    let y = try resize.outputs([x] + inputs.dropFirst(2))[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [x]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0)
    let sampling = resize.sampling
    let axes: [ResizeSampling.Axis]
    do {
      axes = try resize.knownAxes(
        [nil] + inputs.dropFirst(2).map { $0.map(Fact.init(constant:)) }, fact.shape)
    } catch { throw EvaluationError(error.message) }
    // If g has no elements, its other axes may have any length.
    if g.elementCount == 0 {
      let zeros = [Double](repeating: 0, count: fact.shape.elementCount)
      return [Tensor(doubles: zeros, shape: fact.shape, elementType: fact.type)]
    }
    // Axis by axis, beginning with those that shrink most, so that no intermediate tensor is larger than both
    // g and the result. Elements that Resize set to the extrapolation value contribute nothing.
    var values = g.doubles
    var extents = g.shape
    let order = axes.indices.sorted { a, b in
      Double(axes[a].output) / Double(axes[a].input) > Double(axes[b].output) / Double(axes[b].input)
    }
    for axis in order {
      let taps = sampling.taps(axes[axis])
      let source = values
      let outer = extents
      extents[axis] = fact.shape[axis]
      let strides = extents.strides
      var steps = strides
      steps[axis] = 0
      let inner = extents.dimensions.dropFirst(axis + 1).reduce(1, *)
      values = [Double](repeating: 0, count: extents.elementCount)
      for (index, start) in Reference.indices(outer, steps: steps).enumerated() {
        for tap in taps[index / inner % outer[axis]] ?? [] {
          values[start + tap.index * strides[axis]] += tap.weight * source[index]
        }
      }
    }
    return [Tensor(doubles: values, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { resize.attributes }
}
