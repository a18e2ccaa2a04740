public import VisionTensor

/// An operator that maps all spatial elements of a channel to one; conforming types define the function.
public protocol GlobalPooling: Operator {
  /// The result for all elements of one channel, which is never empty.
  func pool(_ elements: UnsafeBufferPointer<Double>) -> Double
  /// The derivative of `pool` with respect to each of the elements.
  func derivatives(_ elements: [Double]) -> [Double]
}

extension GlobalPooling {
  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 3, !x.shape.dimensions.dropFirst(2).contains(0) else {
      throw ShapeError("input \(x.shape) must be N×C×spatial, with at least one spatial axis and none empty")
    }
    return [
      Fact(x.type, Shape(x.shape.dimensions.enumerated().map { $0.offset < 2 ? $0.element : 1 }))
    ]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let shape = try resolved(inputs)[0].shape
    let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
    let source = x.doubles
    let result = source.withUnsafeBufferPointer { source in
      (0..<shape.elementCount).map {
        pool(UnsafeBufferPointer(rebasing: source[($0 * plane)..<(($0 + 1) * plane)]))
      }
    }
    return [Tensor(doubles: result, shape: shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(GlobalPoolingGradient(self), node.gradient, node.input(0))]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { inputs[0]?.shape.elementCount ?? 0 }
}
