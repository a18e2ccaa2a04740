/// What the random choices for an image follow from, besides the place in the policy: the same key gives the same
/// image on any thread, in any batch, in any order.
public struct AugmentationKey: Sendable, Hashable {
  public var seed: UInt64
  /// From 0; the low 32 bits count.
  public var epoch: Int
  /// The position of the image in the list of training images; the low 32 bits count.
  public var sample: Int

  public init(seed: UInt64, epoch: Int = 0, sample: Int = 0) {
    (self.seed, self.epoch, self.sample) = (seed, epoch, sample)
  }
}
