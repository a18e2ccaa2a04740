package import VisionTensor

/// w'[o,…] = w[o,…] · scale[o] / √(variance[o] + ε): weights with a BatchNormalization folded in.
///
/// Inputs: w O×…, scale O, variance O, all float32.
package struct BatchNormalizedWeights: InternalOperator {
  package static let name = "BatchNormalizedWeights"
  package let epsilon: Float
  package init(epsilon: Float) { self.epsilon = epsilon }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let w = try ShapeRule.required(inputs, 0, types: [.float32])
    for index in 1...2 {
      let vector = try ShapeRule.required(inputs, index, types: [.float32])
      guard w.shape.rank >= 1, vector.shape == [w.shape[0]] else {
        throw ShapeError("\(vector.shape) does not fit weights \(w.shape)")
      }
    }
    return [Fact(w.type, w.shape)]
  }

  /// The factor of each output, computed in double.
  package func factors(scale: Tensor, variance: Tensor) -> [Float] {
    zip(scale.doubles, variance.doubles).map { Float($0 / ($1 + Double(epsilon)).squareRoot()) }
  }

  /// Multiplies `count` weights, which need not be aligned, by the factor of their output.
  package static func scale(
    _ source: UnsafeRawPointer, by factor: Float, count: Int, into target: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count {
      target[index] = source.loadUnaligned(fromByteOffset: index * 4, as: Float.self) * factor
    }
  }

  /// Works row by row in float, the factor in double: this runs once per model, over all of its weights.
  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let w = try Reference.required(inputs, 0)
    let factors = factors(
      scale: try Reference.required(inputs, 1), variance: try Reference.required(inputs, 2))
    guard w.elementType == .float32 else {
      let (scale, variance) = (
        try Reference.required(inputs, 1).doubles, try Reference.required(inputs, 2).doubles
      )
      let row = w.shape.dimensions.dropFirst().reduce(1, *)
      let values = w.doubles.enumerated().map { index, value in
        value * scale[index / row] / (variance[index / row] + Double(epsilon)).squareRoot()
      }
      return [Tensor(doubles: values, shape: w.shape, elementType: w.elementType)]
    }
    let row = w.shape.dimensions.dropFirst().reduce(1, *)
    return [
      Tensor(elementType: .float32, shape: w.shape) { target in
        w.withUnsafeBytes { source in
          let target = target.bindMemory(to: Float.self)
          for o in 0..<w.shape[0] {
            guard let from = source.baseAddress, let to = target.baseAddress else { continue }
            Self.scale(from + o * row * 4, by: factors[o], count: row, into: to + o * row)
          }
        }
      }
    ]
  }
}
