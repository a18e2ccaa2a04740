import VisionImage

/// Made-up photographs: soft discs of many colours on a slope, different for each number.
enum Scene {
  static func image(_ number: Int, width: Int = 120, height: Int = 96) throws -> Image {
    var state = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) * 0x1p-24
    }
    let slope = (0..<9).map { _ in random() }
    let discs = (0..<14).map { _ in
      (x: random(), y: random(), radius: 0.05 + 0.25 * random(), color: [random(), random(), random()])
    }
    return try Image(width: width, height: height) { pixels in
      for row in 0..<height {
        for column in 0..<width {
          let (x, y) = (Double(column) / Double(width), Double(row) / Double(height))
          var color = (0..<3).map { 0.2 + 0.3 * (slope[$0] + slope[3 + $0] * x + slope[6 + $0] * y) }
          for disc in discs {
            let distance = ((x - disc.x) * (x - disc.x) + (y - disc.y) * (y - disc.y)).squareRoot()
            let weight = min(max((disc.radius - distance) * 20, 0), 0.85)
            for channel in 0..<3 { color[channel] += (disc.color[channel] - color[channel]) * weight }
          }
          for channel in 0..<3 {
            pixels[(row * width + column) * 3 + channel] = UInt8(min(max(color[channel], 0), 1) * 255)
          }
        }
      }
    }
  }

  /// Each sample multiplied.
  static func brightened(_ image: Image, by factor: Double) throws -> Image {
    try Image(
      width: image.width, height: image.height,
      pixels: image.pixels.map { UInt8(min(Double($0) * factor, 255)) })
  }
}
