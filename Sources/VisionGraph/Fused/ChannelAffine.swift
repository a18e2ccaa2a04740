package import VisionTensor

/// y[n,c,…] = activation(x[n,c,…] · scale[c] + shift[c]): a BatchNormalization with fixed statistics.
package struct ChannelAffine: InternalOperator {
  package static let name = "ChannelAffine"
  package var activation: ElementFunction?
  package init(activation: ElementFunction? = nil) { self.activation = activation }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: [.float32])
    for index in 1...2 {
      let vector = try ShapeRule.required(inputs, index, types: [.float32])
      guard x.shape.rank >= 2, vector.shape == [x.shape[1]] else {
        throw ShapeError("\(vector.shape) does not fit the channels of \(x.shape)")
      }
    }
    return [Fact(x.type, x.shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1).doubles
    let shift = try Reference.required(inputs, 2).doubles
    let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
    let values = x.doubles.enumerated().map { index, value in
      let channel = index / plane % x.shape[1]
      let result = value * scale[channel] + shift[channel]
      return activation?.apply(result) ?? result
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  package var parts: [String] {
    [BatchNormalization.name] + (activation.map { [$0.operatorName] } ?? [])
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 2 * outputs[0].shape.elementCount }
}
