import VisionSystem
package import VisionTensor

/// The gradients of a convolution with respect to its input and to its weights in one node:
/// `ConvInputGradient` and `ConvWeightGradient`, which both read gy.
///
/// Inputs: gy N×O×output, w O×C/G×kernel, x N×C×spatial, of one floating-point type. Outputs: gx, gw.
package struct ConvGradients: InternalOperator {
  package static let name = "ConvGradients"
  /// The window of the convolution.
  package var window: Window
  package var groups: Int

  package init(window: Window, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let w = try ShapeRule.required(inputs, 1, types: [g.type])
    let x = try ShapeRule.required(inputs, 2, types: [g.type])
    let y = try Conv(window: window, groups: groups).outputs([x, w])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [Fact(x.type, x.shape), Fact(w.type, w.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let g = try Reference.required(inputs, 0)
    let w = try Reference.required(inputs, 1)
    let x = try Reference.required(inputs, 2)
    let shape = Tensor(x.shape.dimensions.map(Int64.init))
    return try ConvInputGradient(window: window, groups: groups).evaluate([g, w, shape])
      + ConvWeightGradient(window: window, groups: groups).evaluate([x, g])
  }

  package var parts: [String] { [ConvInputGradient.name, ConvWeightGradient.name] }

  package var attributes: Attributes { Conv(window: window, groups: groups).attributes }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let g = inputs[0], let w = inputs[1] else { return 0 }
    return 4 * g.shape.elementCount * w.shape.dimensions.dropFirst().reduce(1, *)
  }
}
