package import VisionTensor

/// The gradients of RNN, GRU or LSTM, named after it, such as `LSTMGradient`.
///
/// Inputs: the gradients with respect to the outputs, absent where there are none; the operator's inputs. Outputs: the
/// gradients with respect to those of the operator's floating-point inputs that are present, in their order.
package struct RecurrentGradient<Op: RecurrentOperator>: InternalOperator {
  package static var name: String { "\(Op.name)Gradient" }
  package let op: Op

  package init(_ op: Op) { self.op = op }

  private static var outputCount: Int { Op.hasCell ? 3 : 2 }

  /// The positions of the operator's inputs that have gradients.
  private static func differentiable<Input>(_ inputs: ArraySlice<Input?>) -> [Int] {
    inputs.indices.filter { inputs[$0] != nil && $0 != inputs.startIndex + 4 }
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let own = Array(inputs.dropFirst(Self.outputCount))
    for (index, fact) in try op.outputs(own).enumerated() where inputs[index] != nil {
      try ShapeRule.same(inputs, index, as: fact)
    }
    return Self.differentiable(own[...]).compactMap { index in own[index].map { Fact($0.type, $0.shape) } }
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let facts = try resolved(inputs)
    let own = Array(inputs.dropFirst(Self.outputCount))
    let gradients = try RecurrentReference(op, own).gradients(Array(inputs.prefix(Self.outputCount)))
    return zip(facts, Self.differentiable(own[...])).map { fact, index in
      Tensor(doubles: gradients[index], shape: fact.shape, elementType: fact.type)
    }
  }

  package var attributes: Attributes { op.attributes }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    // Forward once, then products with the transposes and with the gradients.
    GraphLimits.product(3, op.flops(Array(inputs.dropFirst(Self.outputCount)), outputs))
  }
}
