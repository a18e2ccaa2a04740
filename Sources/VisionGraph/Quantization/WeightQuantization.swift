import VisionSystem
import VisionTensor

/// Weights as int8 with one scale for each output channel, zero point 0, and the bias in int32.
struct WeightQuantization {
  /// q = round(w / scale), −127...127, of the shape of w.
  let weights: Tensor
  /// One scale for each channel.
  let scales: Tensor
  /// round(b / (scale of x · scale)), or nil without a bias.
  let bias: Tensor?
  /// The scale of x times each weight scale: the scales of the integer sums to which the bias is added.
  let biasScales: Tensor

  /// Bound on the bias, which leaves room for the sums of products in 32 bits.
  private static let largestBias: Float = 0x1p29

  /// - Parameters:
  ///   - w: float32, with output channels along `axis`.
  ///   - bias: float32, one number for each channel.
  ///   - input: the scale of the values that the weights multiply.
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
      // Channels with tiny weights would need biases beyond the range of int32.
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
