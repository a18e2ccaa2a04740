package import VisionTensor

/// running′ = momentum · running + (1 − momentum) · statistic of the batch, with the unbiased variance, as in
/// PyTorch.
///
/// Inputs: running mean, running variance, mean and biased variance of the batch, all C and of one floating-point type;
/// the shape N×C×… of the batch, int64, known before the run. Outputs: the new running mean and variance.
package struct RunningStatistics: InternalOperator {
  package static let name = "RunningStatistics"
  /// How much of the running statistics survives, as ONNX counts it: PyTorch's is one minus this.
  package var momentum: Float

  package init(momentum: Float = 0.9) { self.momentum = momentum }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let mean = try ShapeRule.required(inputs, 0, types: .floats)
    for index in 1..<4 { try ShapeRule.same(inputs, index, as: mean) }
    let shape = try ShapeRule.constantShape(inputs, 4)
    guard shape.rank >= 2, mean.shape == [shape[1]] else {
      throw ShapeError("statistics \(mean.shape) do not fit \(shape)")
    }
    return [Fact(mean.type, mean.shape), Fact(mean.type, mean.shape)]
  }

  /// - Throws: `EvaluationError` when a channel has one element only, which has no variance.
  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let extents = try Reference.required(inputs, 4).integers
    let count = extents.enumerated().reduce(1) { $1.offset == 1 ? $0 : $0 * $1.element }
    guard count > 1 else {
      throw EvaluationError("training BatchNormalization needs more than one element in each channel")
    }
    let unbiased = Double(count) / Double(count - 1)
    var results: [Tensor] = []
    for (index, factor) in [1, unbiased].enumerated() {
      let old = try Reference.required(inputs, index).doubles
      let new = try Reference.required(inputs, index + 2).doubles
      let values = zip(old, new).map { Double(momentum) * $0 + (1 - Double(momentum)) * factor * $1 }
      results.append(Tensor(doubles: values, shape: facts[index].shape, elementType: facts[index].type))
    }
    return results
  }

  package var attributes: Attributes { ["momentum": .float(momentum)] }
}
