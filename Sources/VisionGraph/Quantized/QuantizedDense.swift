import VisionSystem
package import VisionTensor

/// A product of rows of bytes with an int8 matrix: sums in 32 bits, converted to bytes or floats.
///
/// Stands for DequantizeLinear → Gemm or MatMul → [clamp] → [QuantizeLinear]. Inputs as of `QuantizedConv`, without
/// residual: x uint8 …×K, w int8 K×N, or N×K when `transposesWeights`.
package struct QuantizedDense: InternalOperator {
  package static let name = "QuantizedDense"
  package var transposesWeights: Bool
  package var clamp: Clamp?
  package var givesFloats: Bool

  package init(transposesWeights: Bool, clamp: Clamp? = nil, givesFloats: Bool = false) {
    self.transposesWeights = transposesWeights
    self.clamp = clamp
    self.givesFloats = givesFloats
  }

  private typealias Position = QuantizedOperands.Position

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, Position.x, types: [.uint8])
    let w = try ShapeRule.required(inputs, Position.weights, types: [.int8])
    guard x.shape.rank >= 2, w.shape.rank == 2, let columns = x.shape.last,
      columns == w.shape[transposesWeights ? 1 : 0]
    else { throw ShapeError("rows of \(x.shape) do not fit weights \(w.shape)") }
    let outputs = w.shape[transposesWeights ? 0 : 1]
    try QuantizedOperands.check(inputs, outputs: outputs)
    if !givesFloats { try QuantizedOperands.check(inputs, scale: Position.yScale) }
    return [Fact(givesFloats ? .float32 : .uint8, Shape(x.shape.dimensions.dropLast() + [outputs]))]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let x = try Reference.required(inputs, Position.x)
    let count = x.shape.last ?? 1
    let outputs = shape.last ?? 1
    guard let zero = QuantizedOperands.quantization(inputs, Position.xScale)?.zeroPoint,
      let (result, multipliers) = result(inputs, outputs: outputs), let source = x.values(as: UInt8.self),
      let weights = inputs[Position.weights]?.values(as: Int8.self)
    else { throw QuantizedOperands.missing() }
    let bias = Reference.optional(inputs, Position.bias)?.values(as: Int32.self)
    let (rowStep, columnStep) = transposesWeights ? (1, count) : (outputs, 1)
    let sums = (0..<shape.elementCount).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: outputs)
      var sum = bias?[column] ?? 0
      for k in 0..<count {
        sum &+=
          (Int32(source[row * count + k]) - Int32(zero)) &* Int32(weights[k * rowStep + column * columnStep])
      }
      return sum
    }
    if givesFloats {
      return [Tensor(sums.enumerated().map { result.float($1, multipliers[$0 % outputs]) }, shape: shape)]
    }
    return [Tensor(sums.enumerated().map { result.byte($1, multipliers[$0 % outputs]) }, shape: shape)]
  }

  /// The conversion of the sums and the multiplier of each column; nil when scales are missing.
  package func result(_ inputs: [Tensor?], outputs: Int) -> (Requantization, multipliers: [Float])? {
    QuantizedOperands.result(inputs, outputs: outputs, clamp: clamp, givesFloats: givesFloats)
  }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product([2, inputs[Position.x]?.shape.last ?? 1] + outputs[0].shape.dimensions)
  }
}
