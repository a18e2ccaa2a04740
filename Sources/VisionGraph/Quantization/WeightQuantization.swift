import VisionSystem
import VisionTensor

/// Weights as int8 with one scale for each output channel, zero point 0, and the bias in int32.
struct WeightQuantization {
  /// q = round(w / scale), −127...127, of the shape of w.
  let weights: Tensor
  /// One a channel.
  let scales: Tensor
  /// round(b / (scale of x · scale)), or nil without a bias.
  let bias: Tensor?
  /// The scale of x times the scales: those of the sums that the bias is added to.
  let biasScales: Tensor

  /// Bounds of the bias: sums of products have room beside it in 32 bits.
  private static let largestBias: Float = 0x1p29

  /// - Parameters:
  ///   - w: float32, output channels along `axis`.
  ///   - bias: float32, one number a channel.
  ///   - input: the scale of what the weights are multiplied with.
  init(_ w: Tensor, axis: Int, bias: Tensor?, input: Float) {
    let (floats, offsets) = (w.floats, bias?.floats)
    let channels = w.shape[axis]
    let inner = w.shape.dimensions[(axis + 1)...].reduce(1, *)
    func channel(_ index: Int) -> Int { index / inner % channels }
    var largest = [Float](repeating: 0, count: channels)
    for (index, value) in floats.enumerated() {
      largest[channel(index)] = max(largest[channel(index)], abs(value))
    }
    let scales = (0..<channels).map { o -> Float in
      // Channels of next to nothing would need biases that int32 does not hold.
      let least = abs(offsets?[o] ?? 0) / (input * Self.largestBias)
      let scale = max(largest[o] / 127, least, .leastNormalMagnitude / min(input, 1))
      return scale.isFinite && largest[o] + least > 0 ? scale : 1
    }
    let bytes = floats.enumerated().map { index, value in
      Int8(saturating: min(max((value / scales[channel(index)]).rounded(.toNearestOrEven), -127), 127))
    }
    weights = Tensor(bytes, shape: w.shape)
    self.scales = Tensor(scales)
    let products = scales.map { $0 * input }
    biasScales = Tensor(products)
    self.bias = offsets.map { offsets in
      Tensor(
        zip(offsets, products).map {
          Int32(saturating: min(max(($0 / $1).rounded(.toNearestOrEven), -0x1p30), 0x1p30))
        })
    }
  }
}
