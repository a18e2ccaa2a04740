package import VisionTensor

/// A Gemm or MatMul of float32 whose two factors are rounded to bfloat16 first, to nearest, ties to even. Sums, and Gemm's
/// addend, are not rounded.
package struct BFloat16Product: InternalOperator {
  package static let name = "BFloat16Product"

  /// The products that there are.
  package enum Base: Sendable, Hashable {
    case gemm(Gemm)
    case matMul
  }

  package let base: Base

  package init(_ base: Base) { self.base = base }

  /// The product without the rounding.
  package var exact: any Operator {
    switch base {
    case .gemm(let gemm): gemm
    case .matMul: MatMul()
    }
  }

  /// The product as a Gemm; a MatMul of matrices is a Gemm with default attributes.
  package var gemm: Gemm {
    switch base {
    case .gemm(let gemm): gemm
    case .matMul: Gemm()
    }
  }

  package var attributes: Attributes { exact.attributes }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] { try exact.outputs(inputs) }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    var inputs = inputs
    for index in inputs.indices.prefix(2) { inputs[index] = inputs[index]?.roundedToBFloat16 }
    return try exact.evaluate(inputs)
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { exact.flops(inputs, outputs) }
}

extension Tensor {
  /// The same type and shape, with every element rounded to the nearest bfloat16.
  var roundedToBFloat16: Tensor { converted(to: .bfloat16).converted(to: elementType) }
}
