public import VisionTensor

/// An operator of two `bool` tensors that broadcast; conforming types define the function.
public protocol BinaryLogic: PlainOperator {
  /// The function of two elements.
  func apply(_ a: Bool, _ b: Bool) -> Bool
}

extension BinaryLogic {
  public static var inputLimit: Int? { 2 }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: [.bool])
    let b = try ShapeRule.required(inputs, 1, types: [.bool])
    return [Fact(.bool, try ShapeRule.broadcast(a.shape, b.shape))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let a = try Reference.required(inputs, 0)
    let b = try Reference.required(inputs, 1)
    let (shape, ia, ib) = try Reference.broadcastIndices(a.shape, b.shape)
    let (x, y) = (a.integers, b.integers)
    return [Tensor((0..<shape.elementCount).map { apply(x[ia[$0]] != 0, y[ib[$0]] != 0) }, shape: shape)]
  }
}
