import VisionSystem
import VisionTensor

/// Colors that tell classes apart.
package enum ClassColors {
  /// Twenty colors of clearly different hue or lightness, neighbors far apart.
  private static let palette: [UInt32] = [
    0xE6_3946, 0x1D_7FD1, 0xF4_A300, 0x2A_9D4A, 0x9B_3FCB, 0x00_B8C4, 0xF2_6CA7, 0x8D_5A2B, 0xA3_D139,
    0x3B_3FB6,
    0xFF_7A2F, 0x0B_7A75, 0xFF_D84D, 0xB0_1E6C, 0x6F_C3FF, 0x5C_7A29, 0xC9_A2FF, 0x7A_1F1F, 0x4D_E0A0,
    0x5E_6B7A,
  ]

  /// The color of a class, counted from 0. From 20 classes on, lighter and darker shades of the colors follow.
  package static func color(of index: Int) -> RGBColor {
    let place = max(index, 0)
    let code = palette[place % palette.count]
    let base = [code >> 16, code >> 8 & 255, code & 255].map { Double($0 & 255) }
    let shade = place / palette.count % 3
    let parts = base.map { part -> UInt8 in
      let value = shade == 0 ? part : shade == 1 ? part * 0.65 : 255 - (255 - part) * 0.6
      return UInt8(saturating: value.rounded())
    }
    return RGBColor(red: parts[0], green: parts[1], blue: parts[2])
  }

  /// Black or white, whichever has the higher contrast to the color.
  static func ink(on color: RGBColor) -> RGBColor {
    // The relative luminance of WCAG, with squares for the transfer function of sRGB.
    func linear(_ part: UInt8) -> Double { Double(part) / 255 * Double(part) / 255 }
    let luminance = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    // (L + 0.05) / 0.05 > 1.05 / (L + 0.05) from here on.
    return luminance > 0.179 ? .black : RGBColor(red: 255, green: 255, blue: 255)
  }
}
