package import VisionTensor

/// y = activation(conv(x, w) + b + residual).
///
/// Inputs: x, w, b or nil, and the residual of y's shape when `hasResidual`.
///
/// With bfloat16 operands x, w and the residual are rounded first, to nearest, ties to even; sums and b are not.
package struct FusedConv: InternalOperator {
  package static let name = "FusedConv"
  package var conv: Conv
  package var activation: ElementFunction?
  package var hasResidual = false
  /// What the sums are formed of: `.float32`, or `.bfloat16`.
  package var operands: ElementType = .float32

  package init(_ conv: Conv, activation: ElementFunction? = nil, hasResidual: Bool = false) {
    self.conv = conv
    self.activation = activation
    self.hasResidual = hasResidual
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let facts = try conv.outputs(Array(inputs.prefix(3)))
    if hasResidual {
      let residual = try ShapeRule.required(inputs, 3, types: [facts[0].type])
      guard residual.shape == facts[0].shape else {
        throw ShapeError("residual \(residual.shape) is not \(facts[0].shape)")
      }
    }
    return facts
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    var inputs = inputs
    if operands == .bfloat16 {
      for index in inputs.indices where index != 2 { inputs[index] = inputs[index]?.roundedToBFloat16 }
    }
    var result = try conv.evaluate(Array(inputs.prefix(3)))[0]
    if hasResidual { result = try Add().evaluate([result, Reference.required(inputs, 3)])[0] }
    if let activation {
      result = Tensor(
        doubles: result.doubles.map(activation.apply), shape: result.shape, elementType: result.elementType)
    }
    return [result]
  }

  package var parts: [String] {
    [Conv.name] + (hasResidual ? [Add.name] : []) + (activation.map { [$0.operatorName] } ?? [])
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0, 3] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    conv.flops(inputs, outputs) + (hasResidual ? outputs[0].shape.elementCount : 0)
  }
}
