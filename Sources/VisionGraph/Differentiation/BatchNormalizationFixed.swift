package import VisionTensor

/// y = activation(scale · (x − mean) / √(variance + ε) + bias + residual), by channel, with given statistics:
/// a `BatchNormalization`, and the addition and clamp after it, whose scale and bias are trained while its
/// statistics stay fixed. Source: Ioffe and Szegedy 2015, algorithm 2.
///
/// Inputs: x N×C×…, scale, bias, mean and variance C, and the residual of x's shape when `hasResidual`, all of one
/// floating-point type.
package struct BatchNormalizationFixed: InternalOperator, FusableNormalization {
  package static let name = "BatchNormalizationFixed"
  package var epsilon: Float
  package var clamp: Clamp?
  package var hasResidual: Bool

  package init(epsilon: Float = 1e-5, clamp: Clamp? = nil, hasResidual: Bool = false) {
    self.epsilon = epsilon
    self.clamp = clamp
    self.hasResidual = hasResidual
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let outputs = try BatchNormalization(epsilon: epsilon).outputs(Array(inputs.prefix(5)))
    if hasResidual { try ShapeRule.same(inputs, 5, as: outputs[0]) }
    return outputs
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let plain = try BatchNormalization(epsilon: epsilon).evaluate(Array(inputs.prefix(5)))
    guard hasResidual || clamp != nil else { return plain }
    var values = plain[0].doubles
    if hasResidual {
      for (index, value) in try Reference.required(inputs, 5).doubles.enumerated() { values[index] += value }
    }
    if let clamp { values = values.map(clamp.apply) }
    return [Tensor(doubles: values, shape: facts[0].shape, elementType: facts[0].type)]
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let gradient = BatchNormalizationGradient(
      epsilon: epsilon, ofBatch: false, clamp: clamp, hasResidual: hasResidual)
    var inputs: [Value?] = [
      node.gradient, try node.input(0), try node.input(1), try node.input(3), try node.input(4),
    ]
    if clamp != nil { inputs += [try node.input(2), node.outputs[0]] }
    let gradients = try node.add(gradient, inputs)
    return try node.wanted { (index, _) throws(GraphError) in
      switch index {
      case 0..<3: return gradients[index]
      case 5: return gradients[3]
      default: throw node.notDifferentiable("input, by the statistics that are kept")
      }
    }
  }

  package var attributes: Attributes {
    var attributes: Attributes = ["epsilon": .float(epsilon)]
    if let clamp { attributes["clamp"] = .floats([clamp.low, clamp.high]) }
    if hasResidual { attributes["residual"] = .int(1) }
    return attributes
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 4 * outputs[0].shape.elementCount }
}
