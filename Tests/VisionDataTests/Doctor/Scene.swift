import VisionImage

/// Made-up photographs: soft discs of many colors on a slope, different for each number.
enum Scene {
  static func image(_ number: Int, width: Int = 120, height: Int = 96) throws -> Image {
    var state = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) * 0x1p-24
    }
    func color(_ scale: Double) -> SIMD3<Double> { SIMD3(random(), random(), random()) * scale }
    let slope = [color(0.33), color(0.33), color(0.33)]
    let discs = (0..<14).map { _ in
      (x: random(), y: random(), radius: 0.05 + 0.25 * random(), color: color(1))
    }
    // Painted small, since that is slow, and enlarged.
    let (columns, rows) = (40, 32)
    let painting = try Image(width: columns, height: rows) { pixels in
      for row in 0..<rows {
        for column in 0..<columns {
          let (x, y) = (Double(column) / Double(columns), Double(row) / Double(rows))
          var color = slope[0] + slope[1] * x + slope[2] * y
          for disc in discs {
            let (right, down) = (x - disc.x, y - disc.y)
            let distance = (right * right + down * down).squareRoot()
            if distance < disc.radius {
              color += (disc.color - color) * min((disc.radius - distance) * 20, 0.85)
            }
          }
          for channel in 0..<3 {
            pixels[(row * columns + column) * 3 + channel] = UInt8(color[channel] * 255)
          }
        }
      }
    }
    return try painting.resized(width: width, height: height)
  }

  /// Each sample multiplied.
  static func brightened(_ image: Image, by factor: Double) throws -> Image {
    try Image(
      width: image.width, height: image.height,
      pixels: image.pixels.map { UInt8(min(Double($0) * factor, 255)) })
  }
}
