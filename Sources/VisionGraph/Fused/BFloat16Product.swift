public import VisionTensor

/// A float32 Gemm or MatMul whose two factors are first rounded to bfloat16, to nearest, ties to even. The
/// sums and Gemm's addend are not rounded.
public struct BFloat16Product: InternalOperator {
  public static let name = "BFloat16Product"

  /// The two kinds of product.
  public enum Base: Sendable, Hashable {
    case gemm(Gemm)
    case matMul
  }

  public let base: Base

  public init(_ base: Base) { self.base = base }

  /// The product without rounding.
  public var exact: any Operator {
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

  public var attributes: Attributes { exact.attributes }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] { try exact.outputs(inputs) }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    var inputs = inputs
    for index in inputs.indices.prefix(2) { inputs[index] = inputs[index]?.roundedToBFloat16 }
    return try exact.evaluate(inputs)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { exact.flops(inputs, outputs) }
}

extension Tensor {
  /// The same type and shape, with every element rounded to the nearest bfloat16.
  var roundedToBFloat16: Tensor { converted(to: .bfloat16).converted(to: elementType) }
}
