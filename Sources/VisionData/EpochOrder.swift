import VisionImage

/// The order of the training samples in each epoch: a shuffle determined by seed and epoch alone.
struct EpochOrder {
  private static let site: UInt32 = 0xC000_0000

  let seed: UInt64
  private var epoch: Int?
  private var order: [Int]

  init(count: Int, seed: UInt64) {
    self.seed = seed
    order = Array(0..<count)
  }

  /// The samples at the positions `places` in the order of an epoch.
  mutating func samples(_ places: Range<Int>, epoch: Int) -> ArraySlice<Int> {
    if self.epoch != epoch {
      self.epoch = epoch
      for index in order.indices { order[index] = index }
      var random = AugmentationRandom(AugmentationKey(seed: seed, epoch: epoch), absoluteSite: Self.site)
      // The Fisher–Yates shuffle, from the end.
      for last in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(last, random.integer(below: last + 1))
      }
    }
    return order[places]
  }
}
