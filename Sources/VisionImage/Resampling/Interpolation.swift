import VisionSystem

/// The two input pixels between which an output pixel lies, as in TensorFlow 1's `resize_bilinear`: positions are
/// float32 and are counted from the first pixel.
struct Interpolation {
  /// The pixel before.
  let low: Int
  /// The pixel after; the same as `low` at the end.
  let high: Int
  /// The weight of the pixel after, 0..<1.
  let part: Float

  init(_ request: ResampleAxis.Request, _ output: Int) {
    let scale = Float(request.extent) / Float(request.virtualOutputs)
    let position = Float(request.start) + Float(output) * scale
    let last = request.inputs - 1
    // With two taps, the last pixel is the one after.
    low = max(0, min(Int(saturating: Double(position)), last))
    high = min(low + 1, last)
    part = position - Float(low)
  }
}
