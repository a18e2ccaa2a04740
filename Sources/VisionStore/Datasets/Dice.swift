import VisionSystem
import VisionTensor

/// A sequence of random numbers for one image.
struct Dice {
  private let generator: Philox
  private let image: UInt32
  private let split: UInt32
  private var index: UInt32 = 0
  private var lane = 4
  private var bits = SIMD4<UInt32>()

  init(_ generator: Philox, image: UInt32, split: UInt32) {
    (self.generator, self.image, self.split) = (generator, image, split)
  }

  /// Uniform in `low..<high`, in steps of 2⁻³² of the range.
  mutating func number(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * (Double(word()) * 0x1p-32)
  }

  /// Uniform in `0..<count`.
  mutating func choice(_ count: Int) -> Int { Int((UInt64(word()) * UInt64(count)) >> 32) }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { number(0, 1) < probability }

  /// A random direction as cosine and sine of an angle: a point in the unit circle, normalized without
  /// trigonometry.
  mutating func direction() -> (x: Double, y: Double) {
    while true {
      let (x, y) = (number(-1, 1), number(-1, 1))
      let length = (x * x + y * y).squareRoot()
      if length > 0.1 && length <= 1 { return (x / length, y / length) }
    }
  }

  private mutating func word() -> UInt32 {
    if lane == 4 {
      bits = generator.block(index, image, split, 0)
      (index, lane) = (index + 1, 0)
    }
    lane += 1
    return bits[lane - 1]
  }
}
