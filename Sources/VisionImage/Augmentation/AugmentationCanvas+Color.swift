import CImageCodecs
import VisionSystem
import VisionTensor

/// Changes of color. Results equal those of Pillow's `ImageEnhance` and `ImageOps` byte for byte.
extension AugmentationCanvas {
  private var count: Int { width * height }

  /// Scales brightness: 0 gives black, 1 the same image.
  public func adjustBrightness(_ factor: Double) {
    map { value, _ in Self.blended(0, value, Float(factor)) }
  }

  /// Multiplies the difference of each value from the mean luma by `factor`: 0 gives uniform gray, 1 the same
  /// image.
  public func adjustContrast(_ factor: Double) {
    guard let base = pixels.baseAddress else { return }
    let mean = Int(saturating: Double(vn_luma_sum(base, count)) / Double(count) + 0.5)
    map { value, _ in Self.blended(mean, value, Float(factor)) }
  }

  /// Multiplies the difference of each pixel from its own luma by `factor`: 0 gives shades of gray, 1 the
  /// same image.
  public func adjustSaturation(_ factor: Double) {
    guard let base = pixels.baseAddress else { return }
    vn_saturate(base, count, Float(factor))
  }

  /// Rotates hues by a fraction of the color circle, -0.5...0.5, like torchvision's `adjust_hue`.
  public func turnHue(_ part: Double) {
    guard let base = pixels.baseAddress else { return }
    vn_turn_hue(base, count, UInt8(truncatingIfNeeded: Int(saturating: min(max(part, -0.5), 0.5) * 255)))
  }

  /// Sharpens or smooths the image: 0 gives a smoothed image, 1 the same image, 2 a sharpened one.
  public func adjustSharpness(_ factor: Double) {
    rewrite { source, target in vn_sharpen(source, target, Int32(width), Int32(height), Float(factor)) }
  }

  /// Keeps the highest `bits` bits, 1...8, of each value.
  public func posterize(bits: Int) {
    let mask = 255 << (8 - min(max(bits, 1), 8)) & 255
    map { value, _ in value & mask }
  }

  /// Inverts values that are at least `threshold`.
  public func solarize(threshold: Double) {
    map { value, _ in Double(value) < threshold ? value : 255 - value }
  }

  /// Stretches each channel to 0...255.
  public func stretchContrast() {
    countValues()
    for channel in 0..<3 {
      let counts = counts + channel * 256
      let (low, high) = ((0..<256).first { counts[$0] > 0 } ?? 0, (0..<256).last { counts[$0] > 0 } ?? 0)
      let scale = high > low ? 255 / Double(high - low) : 1
      let offset = high > low ? -Double(low) * scale : 0
      for value in 0..<256 {
        tables[channel * 256 + value] = UInt8(
          min(max(Int(saturating: Double(value) * scale + offset), 0), 255))
      }
    }
    applyTables()
  }

  /// Equalizes the histogram of each channel, so that all values are about equally frequent.
  public func equalize() {
    countValues()
    for channel in 0..<3 {
      let counts = counts + channel * 256
      let last = (0..<256).last { counts[$0] > 0 } ?? 0
      let step = (count - Int(counts[last])) / 255
      var sum = step / 2
      for value in 0..<256 {
        tables[channel * 256 + value] = UInt8(step == 0 ? value : min(sum / step, 255))
        sum += Int(counts[value])
      }
    }
    applyTables()
  }

  /// Replaces each value by the result of `body`, clamped to 0...255.
  public func map(_ body: (_ value: Int, _ channel: Int) -> Int) {
    for channel in 0..<3 {
      for value in 0..<256 { tables[channel * 256 + value] = UInt8(min(max(body(value, channel), 0), 255)) }
    }
    applyTables()
  }

  private func countValues() {
    guard let base = pixels.baseAddress else { return }
    vn_count_bytes(base, count, counts)
  }

  private func applyTables() {
    guard let base = pixels.baseAddress else { return }
    vn_map_bytes(base, count, tables)
  }

  /// a + factor · (b − a) in single precision, truncated and clamped to 0...255.
  private static func blended(_ a: Int, _ b: Int, _ factor: Float) -> Int {
    let value = Float(a) + factor * Float(b - a)
    return value <= 0 ? 0 : value >= 255 ? 255 : Int(saturating: value)
  }
}
