public import VisionTensor

/// What ScatterElements and ScatterND have in common: a copy of x into which updates are written, one after the other, at
/// places that indices give.
///
/// Inputs: x; indices; updates of the type of x.
public protocol Scattering: Operator {
  /// How an update is combined with the element at its place.
  var reduction: ScatterReduction { get }
  /// For every element of the updates, the element of x that it goes to.
  func places(in x: Shape, _ indices: Tensor, _ updates: Shape) throws(EvaluationError) -> [Int]
}

extension Scattering {
  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let updates = try Reference.required(inputs, 2)
    _ = try resolved(inputs)
    let places = try places(in: x.shape, Reference.required(inputs, 1), updates.shape)
    return [reduction.scatter(updates, into: x, at: places)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let parts = try node.add(
      ScatterGradient(self), [node.gradient, node.input(0), node.input(1), node.input(2)])
    return [node.isWanted(0) ? parts[0] : nil, nil, node.isWanted(2) ? parts[1] : nil]
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { reduction.isLate ? 18 : 0 }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    reduction == .none || inputs.count < 3 ? 0 : inputs[2]?.shape.elementCount ?? 0
  }
}

extension ImportedNode {
  /// The attribute `reduction`, `none` where it is missing.
  func reduction() throws(GraphError) -> ScatterReduction {
    guard let name = try string("reduction") else { return .none }
    guard let reduction = ScatterReduction(rawValue: name) else { throw unsupported("reduction '\(name)'") }
    return reduction
  }
}
