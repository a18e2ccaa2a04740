import VisionSystem
import VisionImage
import VisionTensor

/// The order of the training samples in each epoch: a shuffle determined by seed and epoch alone.
struct EpochOrder {
  private static let site: UInt32 = 0xC000_0000
  private static let wrappingSite: UInt32 = 0x5EED_0001

  let seed: UInt64
  /// Whether places behind the end are those from the beginning; its shuffles are others then.
  let wraps: Bool
  private var epoch: Int?
  private var order: [Int]

  init(count: Int, seed: UInt64, wraps: Bool = false) {
    (self.seed, self.wraps) = (seed, wraps)
    order = Array(0..<count)
  }

  /// The samples at `places` of an epoch's order.
  ///
  /// Precondition: the places are there, unless it wraps.
  mutating func samples(_ places: Range<Int>, epoch: Int) -> [Int] {
    if self.epoch != epoch {
      self.epoch = epoch
      shuffle(epoch)
    }
    return wraps ? places.map { order[$0 % order.count] } : Array(order[places])
  }

  /// By Fisher and Yates, from the end.
  private mutating func shuffle(_ epoch: Int) {
    for index in order.indices { order[index] = index }
    let key = AugmentationKey(seed: seed, epoch: epoch)
    var random = AugmentationRandom(key, absoluteSite: Self.site)
    let philox = Philox(seed: seed)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      if wraps {
        let bits = philox.block(
          UInt32(truncatingIfNeeded: last), Self.wrappingSite, 0, UInt32(truncatingIfNeeded: epoch))
        order.swapAt(last, Int((UInt64(bits[0]) * UInt64(last + 1)) >> 32))
      } else {
        order.swapAt(last, random.integer(below: last + 1))
      }
    }
  }
}
