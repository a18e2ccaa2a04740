import VisionSystem
import VisionTensor

/// `channels` × `factor` rounded to the nearest multiple of 8, but not below 90 % of the product.
///
/// This is the rule by which MobileNet and EfficientNet scale widths.
func roundedChannels(_ channels: Int, times factor: Double) -> Int {
  let wanted = Double(channels) * factor
  let limit = 1e9
  guard wanted > 0, wanted < limit else { return wanted >= limit ? Int(saturating: limit) : 8 }
  let rounded = max(8, Int(saturating: wanted + 4) / 8 * 8)
  return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
}
