package import VisionTensor

/// gx[n, g·C/G + c, q] = Σ over o, p, t with p·stride + t·dilation − padding = q of gy[n,o,p] · w[o,c,t]: the gradient of
/// a convolution with respect to its input, for any number of spatial axes.
///
/// Inputs: gy N×O×output, w O×C/G×kernel, of one floating-point type; the shape of x, int64, known before the run.
package struct ConvInputGradient: InternalOperator {
  package static let name = "ConvInputGradient"
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
    let x = Fact(g.type, try ShapeRule.constantShape(inputs, 2))
    let y = try Conv(window: window, groups: groups).outputs([x, w])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [x]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0)
    let w = try Reference.required(inputs, 1)
    let geometry = try ConvGeometry(window, groups: groups, input: fact.shape, output: g.shape)
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    let (source, weights) = (g.doubles, w.doubles)
    result.withUnsafeMutableBufferPointer { result in
      source.withUnsafeBufferPointer { source in
        weights.withUnsafeBufferPointer { weights in
          geometry.forEachProduct { x, w, y in result[x] += source[y] * weights[w] }
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, _) throws(GraphError) in
      index == 0
        ? try node.add(Conv(window: window, groups: groups), node.gradient, node.input(1))
        : try node.add(ConvWeightGradient(window: window, groups: groups), node.gradient, node.input(0))
    }
  }

  package var attributes: Attributes { Conv(window: window, groups: groups).attributes }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard inputs.count > 1, let g = inputs[0], let w = inputs[1] else { return 0 }
    return 2 * g.shape.elementCount * w.shape.dimensions.dropFirst().reduce(1, *)
  }
}
