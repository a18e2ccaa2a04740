import VisionImage
import VisionSystem
import VisionTensor

/// Draws images with one shape each, on varying backgrounds, in any color, size and rotation.
///
/// Everything is determined by the seed, the split and the number of the image, using only additions,
/// multiplications, divisions and square roots, which give the same bits on every machine.
struct ShapePainter {
  /// The classes, sorted.
  static let classes = ShapeOutline.allCases.map(\.rawValue)
  /// The side of an image in pixels.
  static let side = 64

  private let generator: Philox

  init(seed: UInt64) { generator = Philox(seed: seed) }

  /// The image with a number in a split; its class is `number % classes.count`.
  ///
  /// - Throws: `outOfMemory`.
  func image(_ number: Int, split: Int) throws(ImageError) -> Image {
    var dice = Dice(
      generator, image: UInt32(truncatingIfNeeded: number), split: UInt32(truncatingIfNeeded: split))
    let outline = ShapeOutline.allCases[number % ShapeOutline.allCases.count]
    let backdrop = Backdrop(&dice, side: Self.side)
    let figure = Figure(outline, &dice, side: Self.side, on: backdrop.mean)
    let grain = dice.number(0.01, 0.06)
    let noise = generator.grain(
      count: Self.side * Self.side, image: UInt32(truncatingIfNeeded: number),
      split: UInt32(truncatingIfNeeded: split))
    return try Image(width: Self.side, height: Self.side) { target in
      for y in 0..<Self.side {
        for x in 0..<Self.side {
          let index = y * Self.side + x
          let color = figure.color(
            x: Double(x) + 0.5, y: Double(y) + 0.5, over: backdrop.color(x: x, y: y))
          for channel in 0..<3 {
            let value = (color[channel] + grain * noise[index]) * 255
            target[3 * index + channel] = UInt8(saturating: min(max(value, 0), 255).rounded())
          }
        }
      }
    }
  }
}

extension Philox {
  /// For each pixel a nearly normal number of mean 0 and standard deviation 1, the sum of four uniform ones.
  fileprivate func grain(count: Int, image: UInt32, split: UInt32) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count + 3)
    var index: UInt32 = 0
    while result.count < count {
      let bits = block(index, image, split, 1)
      for lane in 0..<4 {
        let word = bits[lane]
        let sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24)
        // The sum of four uniform bytes has mean 510 and standard deviation 147.8.
        result.append((Double(sum) - 510) / 147.8)
      }
      index += 1
    }
    return result
  }
}
