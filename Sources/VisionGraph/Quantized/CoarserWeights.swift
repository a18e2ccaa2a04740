import VisionSystem
import VisionTensor

/// int8 weights and int32 biases with larger scales, for channels whose bias would leave no room for the sums
/// in 32 bits.
///
/// Such channels have tiny weights, hence a tiny scale, and their bias in units of it is a large integer.
/// Multiplying the scale by a power of two changes the bias by at most one part in 2²⁹, and the rounding of
/// the weights is negligible beside such a bias.
struct CoarserWeights {
  let weights: Tensor
  /// One for each output channel.
  let scales: Tensor
  let bias: Tensor

  /// Bound on a bias that is added to sums of at most 2³⁰.
  static let largestBias = 1 << 30

  /// - Parameters:
  ///   - axis: the axis of the weights' output channels.
  ///   - scales: one scale, or one for each output channel.
  /// - Returns: nil when all biases already fit.
  init?(_ weights: Tensor, axis: Int, scales: [Float], bias: Tensor) {
    let biases = bias.integers
    guard biases.contains(where: { abs($0) > Self.largestBias }),
      let bytes = weights.values(as: Int8.self)
    else { return nil }
    var (newBytes, newBiases) = (bytes, biases.map { Int32(clamping: $0) })
    var newScales = scales.count == 1 ? [Float](repeating: scales[0], count: biases.count) : scales
    let inner = weights.shape.dimensions[(axis + 1)...].reduce(1, *), outputs = weights.shape[axis]
    for (channel, value) in biases.enumerated() where abs(value) > Self.largestBias {
      var step = 1
      while abs(value) / step > Self.largestBias / 2 { step *= 2 }
      newScales[channel] *= Float(step)
      newBiases[channel] = Int32(saturating: (Double(value) / Double(step)).rounded(.toNearestOrEven))
      for start in stride(from: channel * inner, to: bytes.count, by: max(outputs * inner, 1)) {
        for index in start..<(start + inner) {
          newBytes[index] = Int8(saturating: (Double(bytes[index]) / Double(step)).rounded(.toNearestOrEven))
        }
      }
    }
    self.weights = Tensor(newBytes, shape: weights.shape)
    self.scales = Tensor(newScales, shape: [newScales.count])
    self.bias = Tensor(newBiases, shape: bias.shape)
  }
}
