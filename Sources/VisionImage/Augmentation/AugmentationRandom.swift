import VisionSystem
import VisionTensor

/// A stream of random numbers for one image and one site: Philox blocks with the key `seed` and the counter
/// (index, site, sample, epoch), as for dropout.
public struct AugmentationRandom: Sendable {
  /// The first site of augmentations; sites of dropouts count from 0.
  package static let firstSite: UInt32 = 0x8000_0000

  private let generator: Philox
  private let counter: (site: UInt32, sample: UInt32, epoch: UInt32)
  private var block = SIMD4<UInt32>()
  private var drawn: UInt32 = 0

  /// The stream of a site; each augmentation of a policy has its own.
  public init(_ key: AugmentationKey, site: Int = 0) {
    self.init(key, absoluteSite: Self.firstSite &+ UInt32(truncatingIfNeeded: site))
  }

  package init(_ key: AugmentationKey, absoluteSite: UInt32) {
    generator = Philox(seed: key.seed)
    counter = (absoluteSite, UInt32(truncatingIfNeeded: key.sample), UInt32(truncatingIfNeeded: key.epoch))
  }

  /// The next 32 bits.
  public mutating func bits() -> UInt32 {
    let lane = Int(drawn % 4)
    if lane == 0 { block = generator.block(drawn / 4, counter.site, counter.sample, counter.epoch) }
    drawn &+= 1
    return block[lane]
  }

  /// A number uniform in 0..<1, a multiple of 2⁻³².
  public mutating func uniform() -> Double { Double(bits()) * 0x1p-32 }

  /// A number uniform in the range.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An integer uniform in 0..<count; 0 for a count below 1.
  public mutating func integer(below count: Int) -> Int {
    let (high, low) = (UInt64(bits()), UInt64(bits()))
    return Int((high << 32 | low).multipliedFullWidth(by: UInt64(max(count, 1))).high)
  }

  /// True with the given probability.
  public mutating func happens(_ probability: Double) -> Bool { uniform() < probability }
}
