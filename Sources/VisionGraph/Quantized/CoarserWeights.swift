import VisionSystem
import VisionTensor

/// int8 weights and int32 biases in coarser steps, for the channels whose bias would leave no room for the sums in 32 bits.
///
/// Such channels have next to no weights, hence a tiny scale, in which their bias is a large number. A step of a power of two
/// more leaves of the bias a part in 2²⁹, and of the weights as much as shows beside such a bias.
struct CoarserWeights {
  let weights: Tensor
  /// One for each output channel.
  let scales: Tensor
  let bias: Tensor

  /// Bounds of a bias that is added to sums of at most 2³⁰.
  static let largestBias = 1 << 30

  /// - Parameters:
  ///   - axis: the axis of the weights that counts output channels.
  ///   - scales: one, or one for each of these.
  /// - Returns: nil when everything fits as it is.
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
