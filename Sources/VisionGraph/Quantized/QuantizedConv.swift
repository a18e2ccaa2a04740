import VisionSystem
package import VisionTensor

/// A convolution of bytes with int8 weights: sums in 32 bits, converted to bytes or floats.
///
/// It replaces DequantizeLinear → Conv → [clamp] → QuantizeLinear and, with a residual, also the
/// DequantizeLinear → Add → [clamp] → QuantizeLinear after it.
///
/// Inputs: see `QuantizedOperands.Position`; x uint8 N×C×H×W, w int8 O×C/G×KH×KW with zero point 0, bias int32 O or nil in
/// units of the scales of x and w; scale and zero point of y unless floats are given; with a residual, uint8 of y's
/// shape, its scale and zero point and those of the sum.
package struct QuantizedConv: InternalOperator {
  package static let name = "QuantizedConv"
  package var conv: Conv
  /// Before the result, or the residual's addend, is rounded.
  package var clamp: Clamp?
  package var hasResidual = false
  /// After the residual is added.
  package var sumClamp: Clamp?
  /// Floats instead of bytes; without a residual.
  package var givesFloats: Bool

  package init(_ conv: Conv, clamp: Clamp? = nil, givesFloats: Bool = false) {
    self.conv = conv
    self.clamp = clamp
    self.givesFloats = givesFloats
  }

  private typealias Position = QuantizedOperands.Position

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, Position.x, types: [.uint8])
    let w = try ShapeRule.required(inputs, Position.weights, types: [.int8])
    let shape = try conv.outputs([Fact(.float32, x.shape), Fact(.float32, w.shape)])[0].shape
    guard shape.rank == 4 else { throw ShapeError("input \(x.shape) does not have two spatial axes") }
    try QuantizedOperands.check(inputs, outputs: shape[1])
    if givesFloats { return [Fact(.float32, shape)] }
    try QuantizedOperands.check(inputs, scale: Position.yScale)
    if hasResidual {
      let residual = try ShapeRule.required(inputs, Position.residual, types: [.uint8])
      guard residual.shape == shape else { throw ShapeError("residual \(residual.shape) is not \(shape)") }
      try QuantizedOperands.check(inputs, scale: Position.residualScale)
      try QuantizedOperands.check(inputs, scale: Position.sumScale)
    }
    return [Fact(.uint8, shape)]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let x = try Reference.required(inputs, Position.x)
    guard let zero = QuantizedOperands.quantization(inputs, Position.xScale)?.zeroPoint,
      let (result, multipliers) = result(inputs, outputs: shape[1])
    else { throw QuantizedOperands.missing() }
    let sums = try sums(x, zero: Int32(zero), inputs, shape)
    let plane = shape[2] * shape[3]
    if givesFloats {
      let floats = sums.enumerated().map { result.float($1, multipliers[$0 / plane % shape[1]]) }
      return [Tensor(floats, shape: shape)]
    }
    let residual = hasResidual ? inputs[Position.residual]?.values(as: UInt8.self) : nil
    let bytes = sums.enumerated().map { index, sum in
      result.byte(sum, multipliers[index / plane % shape[1]], residual: residual?[index] ?? 0)
    }
    return [Tensor(bytes, shape: shape)]
  }

  /// The conversion of the sums and the multiplier of each output channel; nil when scales are missing.
  package func result(_ inputs: [Tensor?], outputs: Int) -> (Requantization, multipliers: [Float])? {
    QuantizedOperands.result(
      inputs, outputs: outputs, clamp: clamp, sumClamp: sumClamp, hasResidual: hasResidual,
      givesFloats: givesFloats)
  }

  private func sums(_ x: Tensor, zero: Int32, _ inputs: [Tensor?], _ shape: Shape) throws(EvaluationError)
    -> [Int32]
  {
    let spatial = Array(x.shape.dimensions.dropFirst(2))
    let resolved: Window.Resolved
    do {
      resolved = try conv.window.resolved(spatial)
    } catch { throw EvaluationError(error.message) }
    let taps = Conv.taps(of: conv.window, resolved, input: spatial)
    guard let source = x.values(as: UInt8.self), let weights = inputs[Position.weights]?.values(as: Int8.self)
    else {
      throw QuantizedOperands.missing()
    }
    let bias = Reference.optional(inputs, Position.bias)?.values(as: Int32.self)
    let (plane, kernel) = (spatial.reduce(1, *), conv.window.kernel.reduce(1, *))
    let group = x.shape[1] / conv.groups
    var result: [Int32] = []
    result.reserveCapacity(shape.elementCount)
    for n in 0..<shape[0] {
      for o in 0..<shape[1] {
        let first = n * x.shape[1] + o / (shape[1] / conv.groups) * group
        for taps in taps {
          var sum = bias?[o] ?? 0
          for c in 0..<group {
            let (channel, row) = ((first + c) * plane, (o * group + c) * kernel)
            for tap in taps {
              sum &+= (Int32(source[channel + tap.position]) - zero) &* Int32(weights[row + tap.tap])
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [Position.x, Position.residual] }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard let w = inputs[Position.weights] else { return 0 }
    return conv.flops([nil, w], outputs)
  }
}
