import VisionSystem
import VisionTensor

/// `channels` × `factor` as a multiple of 8, to the nearest, but not below 90 % of the product.
///
/// The rule of MobileNet and EfficientNet for scaling widths.
func roundedChannels(_ channels: Int, times factor: Double) -> Int {
  let wanted = Double(channels) * factor
  let limit = 1e9
  guard wanted > 0, wanted < limit else { return wanted >= limit ? Int(saturating: limit) : 8 }
  let rounded = max(8, Int(saturating: wanted + 4) / 8 * 8)
  return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
}
