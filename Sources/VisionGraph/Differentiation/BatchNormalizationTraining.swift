package import VisionTensor

/// y = activation(scale · (x − mean) / √(variance + ε) + bias + residual), by channel, with the statistics of the batch.
/// Source: Ioffe and Szegedy 2015, algorithm 1.
///
/// Inputs: x N×C×…, scale and bias C, and the residual of x's shape when `hasResidual`, all of one floating-point type.
/// Outputs: y; mean and (biased) variance of each channel, C, which `BatchNormalizationGradient` and
/// `RunningStatistics` read.
package struct BatchNormalizationTraining: InternalOperator, FusableNormalization {
  package static let name = "BatchNormalizationTraining"
  package var epsilon: Float
  /// A clamp such as ReLU, whose derivative follows from y.
  package var clamp: Clamp?
  package var hasResidual: Bool

  package init(epsilon: Float = 1e-5, clamp: Clamp? = nil, hasResidual: Bool = false) {
    self.epsilon = epsilon
    self.clamp = clamp
    self.hasResidual = hasResidual
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 2 else { throw ShapeError("input \(x.shape) must have at least 2 axes: N×C") }
    try ShapeRule.channels(inputs, 1, "scale", of: x)
    try ShapeRule.channels(inputs, 2, "bias", of: x)
    if hasResidual { try ShapeRule.same(inputs, 3, as: x) }
    let statistic = Fact(x.type, [x.shape[1]])
    return [Fact(x.type, x.shape), statistic, statistic]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1).doubles
    let bias = try Reference.required(inputs, 2).doubles
    var values = x.doubles
    var (means, variances) = ([Double](), [Double]())
    for (channel, places) in Reference.channels(of: x.shape).enumerated() {
      let (mean, variance) = Reference.moments(places.map { values[$0] })
      let factor = scale[channel] / (variance + Double(epsilon)).squareRoot()
      for place in places { values[place] = (values[place] - mean) * factor + bias[channel] }
      means.append(mean)
      variances.append(variance)
    }
    if hasResidual {
      for (index, value) in try Reference.required(inputs, 3).doubles.enumerated() { values[index] += value }
    }
    if let clamp { values = values.map(clamp.apply) }
    return zip(facts, [values, means, variances]).map {
      Tensor(doubles: $1, shape: $0.shape, elementType: $0.type)
    }
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    guard node.gradients.dropFirst().allSatisfy({ $0 == nil }) else {
      throw node.notDifferentiable("input, through the statistics")
    }
    let gradient = BatchNormalizationGradient(
      epsilon: epsilon, ofBatch: true, clamp: clamp, hasResidual: hasResidual)
    var inputs: [Value?] = [
      node.gradient, try node.input(0), try node.input(1), node.outputs[1], node.outputs[2],
    ]
    if clamp != nil { inputs += [try node.input(2), node.outputs[0]] }
    return try node.add(gradient, inputs)
  }

  package var parts: [String] {
    [BatchNormalization.name] + (hasResidual ? [Add.name] : []) + (clamp == nil ? [] : [Clip.name])
  }

  package var attributes: Attributes {
    var attributes: Attributes = ["epsilon": .float(epsilon)]
    if let clamp { attributes["clamp"] = .floats([clamp.low, clamp.high]) }
    if hasResidual { attributes["residual"] = .int(1) }
    return attributes
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 7 * outputs[0].shape.elementCount }
}

extension Reference {
  /// The positions of the elements of each channel, for a shape N×C×….
  package static func channels(of shape: Shape) -> [[Int]] {
    let plane = shape.dimensions.dropFirst(2).reduce(1, *)
    return (0..<shape[1]).map { channel in
      (0..<shape[0]).flatMap { n in
        let start = (n * shape[1] + channel) * plane
        return start..<(start + plane)
      }
    }
  }
}
