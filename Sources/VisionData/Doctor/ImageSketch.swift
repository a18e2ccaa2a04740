import VisionImage
import VisionSystem
import VisionTensor

/// An image at 32×32, used to find images that look alike: 1.2 kB, whatever the image's size.
struct ImageSketch: Sendable {
  static let side = 32
  /// The side of the smaller image on which colors are compared.
  static let coarseSide = 8

  /// For each of the 64 lowest frequencies without the mean, whether its value exceeds their median: a
  /// perceptual hash (after C. Zauner, "Implementation and benchmarking of perceptual image hash functions",
  /// 2010).
  let hash: UInt64
  /// Brightness 0...255 of 32×32 pixels, row-major.
  let gray: [UInt8]
  /// Blue and red relative to brightness (Cb and Cr), for each of 8×8 pixels.
  let chroma: [Int8]
  /// The standard deviation of the brightness.
  let contrast: Float
  /// The fraction of pixels, 0...1, around which the brightness hardly changes.
  let flatness: Float
  /// Whether no pixel has a color.
  let isGray: Bool
  /// The shorter side of the original image, in pixels.
  let shorterSide: Int

  init(_ image: Image) throws(ImageError) {
    let side = Self.side
    let pixels = try image.resized(width: side, height: side, filter: .box).pixels
    gray = (0..<side * side).map { index in
      let (red, green, blue) = Self.color(pixels, index)
      return UInt8((red * 299 + green * 587 + blue * 114 + 500) / 1000)
    }
    isGray = (0..<side * side).allSatisfy { index in
      let (red, green, blue) = Self.color(pixels, index)
      return max(red, green, blue) - min(red, green, blue) <= 2
    }
    chroma = Self.chroma(pixels)
    contrast = Self.contrast(gray)
    flatness = Self.flatness(gray)
    hash = Self.hash(gray)
    shorterSide = min(image.width, image.height)
  }

  private static func color(_ pixels: [UInt8], _ index: Int) -> (Int, Int, Int) {
    (Int(pixels[index * 3]), Int(pixels[index * 3 + 1]), Int(pixels[index * 3 + 2]))
  }

  private static func chroma(_ pixels: [UInt8]) -> [Int8] {
    let step = side / coarseSide
    var result: [Int8] = []
    for row in 0..<coarseSide {
      for column in 0..<coarseSide {
        var (blueness, redness) = (0, 0)
        for y in row * step..<(row + 1) * step {
          for x in column * step..<(column + 1) * step {
            let (red, green, blue) = color(pixels, y * side + x)
            blueness += 500 * blue - 331 * green - 169 * red
            redness += 500 * red - 419 * green - 81 * blue
          }
        }
        for sum in [blueness, redness] { result.append(Int8(clamping: sum / (1000 * step * step))) }
      }
    }
    return result
  }

  private static func contrast(_ gray: [UInt8]) -> Float {
    let (sum, squares) = gray.reduce(into: (0, 0)) { sums, value in
      sums.0 += Int(value)
      sums.1 += Int(value) * Int(value)
    }
    let mean = Double(sum) / Double(gray.count)
    return Float(max(Double(squares) / Double(gray.count) - mean * mean, 0).squareRoot())
  }

  private static func flatness(_ gray: [UInt8]) -> Float {
    var flat = 0
    for y in 0..<side {
      for x in 0..<side {
        func at(_ y: Int, _ x: Int) -> Int {
          Int(gray[min(max(y, 0), side - 1) * side + min(max(x, 0), side - 1)])
        }
        if abs(at(y, x + 1) - at(y, x - 1)) + abs(at(y + 1, x) - at(y - 1, x)) < 4 { flat += 1 }
      }
    }
    return Float(flat) / Float(side * side)
  }

  /// Cosines of the 12 lowest frequencies, 12×32: those of a DCT-II without scale factors.
  private static let cosines: [Double] = (0..<12 * side).map { index in
    let (frequency, position) = (index / side, index % side)
    return cos(Double.pi * Double(2 * position + 1) * Double(frequency) / Double(2 * side))
  }

  /// The pairs of frequencies in the order of their sums, without the mean.
  private static let frequencies: [(vertical: Int, horizontal: Int)] = Array(
    (1..<12).flatMap { sum in (0...sum).map { (vertical: $0, horizontal: sum - $0) } }.prefix(64))

  private static func hash(_ gray: [UInt8]) -> UInt64 {
    // The frequencies along each row, then from those along the columns.
    var rows = [Double](repeating: 0, count: side * 12)
    for y in 0..<side {
      for frequency in 0..<12 {
        var sum = 0.0
        for x in 0..<side { sum += Double(gray[y * side + x]) * cosines[frequency * side + x] }
        rows[y * 12 + frequency] = sum
      }
    }
    let values = frequencies.map { frequency in
      (0..<side).reduce(0.0) {
        $0 + rows[$1 * 12 + frequency.horizontal] * cosines[frequency.vertical * side + $1]
      }
    }
    let sorted = values.sorted()
    let median = (sorted[31] + sorted[32]) / 2
    return values.enumerated().reduce(0) { $0 | ($1.element > median ? 1 << UInt64($1.offset) : 0) }
  }
}
