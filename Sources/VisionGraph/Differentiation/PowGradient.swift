import VisionSystem
package import VisionTensor

/// The gradient of aᵇ: g · b · aᵇ⁻¹ with respect to the base, g · aᵇ · ln a with respect to the exponent. It
/// is 0 for the base where b = 0, and for the exponent where a = 0 and b ≥ 0.
///
/// Inputs: g of the broadcast shape, a, of one floating-point type; b, any numbers.
package struct PowGradient: InternalOperator {
  package static let name = "PowGradient"

  /// With respect to which operand.
  package enum Operand: String, Sendable, Hashable { case base, exponent }
  package let operand: Operand

  package init(_ operand: Operand) { self.operand = operand }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    let y = try Pow().outputs(Array(inputs.dropFirst()))[0]
    guard y == Fact(g.type, g.shape) else { throw ShapeError("gradient \(g) is not \(y)") }
    let b = try ShapeRule.required(inputs, 2)
    // The gradient has the type of the operand.
    return [Fact(operand == .base ? g.type : b.type, g.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let g = try Reference.required(inputs, 0).doubles
    let a = try Reference.required(inputs, 1)
    let b = try Reference.required(inputs, 2)
    let (_, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    let (bases, exponents) = (a.doubles, b.doubles)
    let result = g.indices.map { index in
      let (a, b) = (bases[ia[index]], exponents[ib[index]])
      switch operand {
      case .base: return b == 0 ? 0 : g[index] * b * Libm.pow(a, b - 1)
      case .exponent: return a == 0 && b >= 0 ? 0 : g[index] * Libm.pow(a, b) * Libm.log(a)
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package var attributes: Attributes { ["operand": .string(operand.rawValue)] }
}
