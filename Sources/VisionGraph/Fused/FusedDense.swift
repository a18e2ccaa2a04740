package import VisionTensor

/// y = activation(x · w + b + residual): a dense layer over the last axis with what follows it.
///
/// Inputs: x …×K of two axes or more, w K×N or, when `transposesWeights`, N×K for x of two axes; b of N numbers, or nil; and the
/// residual of y's shape when `hasResidual`; all of one floating-point type.
package struct FusedDense: InternalOperator {
  package static let name = "FusedDense"
  package var transposesWeights = false
  /// Whether it was a Gemm, for reports.
  package var isGemm = false
  package var activation: ElementFunction?
  package var hasResidual = false
  /// Whether b is added by a node of its own, for reports.
  package var addsBias = false

  package init(activation: ElementFunction? = nil, hasResidual: Bool = false) {
    self.activation = activation
    self.hasResidual = hasResidual
  }

  /// The product without what follows.
  package var gemm: Gemm { Gemm(transposesB: transposesWeights) }

  private func product(_ inputs: [Fact?]) throws(ShapeError) -> Fact {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let w = try ShapeRule.required(inputs, 1, types: [x.type])
    guard x.shape.rank >= 2, w.shape.rank == 2 else {
      throw ShapeError("\(x.shape) and \(w.shape) are not rows and a matrix")
    }
    let factors = [x, w].map { Optional($0) }
    return try transposesWeights ? gemm.outputs(factors)[0] : MatMul().outputs(factors)[0]
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let fact = try product(inputs)
    if let bias = try ShapeRule.optional(inputs, 2, types: [fact.type]),
      bias.shape.last != fact.shape.last || bias.shape.elementCount != fact.shape.last ?? 1
        || bias.shape.rank > fact.shape.rank
    {
      throw ShapeError("the bias \(bias.shape) is not one row of \(fact.shape)")
    }
    if hasResidual {
      let residual = try ShapeRule.required(inputs, 3, types: [fact.type])
      guard residual.shape == fact.shape else {
        throw ShapeError("residual \(residual.shape) is not \(fact.shape)")
      }
    }
    return [Fact(fact.type, fact.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let factors = Array(inputs.prefix(2))
    var result = try transposesWeights ? gemm.evaluate(factors)[0] : MatMul().evaluate(factors)[0]
    if let bias = Reference.optional(inputs, 2) { result = try Add().evaluate([result, bias])[0] }
    if hasResidual { result = try Add().evaluate([result, Reference.required(inputs, 3)])[0] }
    if let activation {
      result = Tensor(
        doubles: result.doubles.map(activation.apply), shape: result.shape, elementType: result.elementType)
    }
    return [result]
  }

  package var parts: [String] {
    [isGemm ? Gemm.name : MatMul.name] + (addsBias ? [Add.name] : []) + (hasResidual ? [Add.name] : [])
      + (activation.map { [$0.operatorName] } ?? [])
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 3] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let adds = (inputs.count > 2 && inputs[2] != nil ? 1 : 0) + (hasResidual ? 1 : 0)
    return GraphLimits.product(outputs[0].shape.dimensions + [2 * (inputs[0]?.shape.last ?? 0) + adds])
  }
}
