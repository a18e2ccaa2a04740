package import VisionTensor

/// A unary operator whose derivative can be computed from its argument or from its result.
public protocol DifferentiableUnary: UnaryElementwise {
  /// True when `derivative` takes the result, so that the argument need not be kept.
  static var derivesFromResult: Bool { get }
  /// dy/dx in `Double`, for x, or for y when `derivesFromResult`.
  func derivative(_ value: Double) -> Double
}

extension DifferentiableUnary {
  public static var derivesFromResult: Bool { false }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let value = Self.derivesFromResult ? node.outputs[0] : try node.input(0)
    return [try node.add(UnaryGradient(self), node.gradient, value)]
  }
}

/// gx = g · f′ for a unary operator f, named after it, such as `ReluGradient`.
///
/// Inputs: g, and x or, when the function derives from its result, y; all of one floating-point type and shape.
package struct UnaryGradient<Function: DifferentiableUnary>: ElementwiseGradient {
  package static var name: String { "\(Function.name)Gradient" }
  package let function: Function

  package init(_ function: Function) { self.function = function }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let g = try ShapeRule.required(inputs, 0, types: .floats)
    try ShapeRule.same(inputs, 1, as: g)
    return [Fact(g.type, g.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let g = try Reference.required(inputs, 0)
    let values = try Reference.required(inputs, 1)
    let result = zip(g.doubles, values.doubles).map { $0 * function.derivative($1) }
    return [Tensor(doubles: result, shape: g.shape, elementType: g.elementType)]
  }

  package func differentiated(_ inputs: [Fact?]) -> ElementFunction? {
    guard let kernel = function.elementFunction(Array(inputs.dropFirst())),
      kernel.derivesFromResult == Function.derivesFromResult
    else { return nil }
    return kernel
  }

  package var attributes: Attributes { function.attributes }
}

extension ShapeRule {
  /// Checks that the input at `index` has the type and shape of `fact`.
  package static func same(_ inputs: [Fact?], _ index: Int, as fact: Fact) throws(ShapeError) {
    let other = try required(inputs, index, types: [fact.type])
    guard other.shape == fact.shape else {
      throw ShapeError("input \(index) is \(other.shape), not \(fact.shape)")
    }
  }
}
