/// Colors as red, green and blue in 0...1.
enum Palette {
  /// The color with a hue in 0..<6 (red, yellow, green, cyan, blue, magenta), and a saturation and value in
  /// 0...1.
  static func color(hue: Double, saturation: Double, value: Double) -> SIMD3<Double> {
    func channel(_ offset: Double) -> Double {
      var place = hue + offset
      if place >= 6 { place -= 6 }
      let strength = min(max(abs(place - 3) - 1, 0), 1)
      return value * (1 - saturation * (1 - strength))
    }
    return SIMD3(channel(0), channel(4), channel(2))
  }

  /// The perceived distance of two colors, with the channels weighted by their brightness.
  static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    let difference = a - b
    return
      (0.3 * difference.x * difference.x + 0.59 * difference.y * difference.y
      + 0.11 * difference.z * difference.z).squareRoot()
  }
}
