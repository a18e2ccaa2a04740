/// The key that, with the position in the policy, determines the random choices for an image: the same key
/// gives the same image on any thread, in any batch, in any order.
public struct AugmentationKey: Sendable, Hashable {
  public var seed: UInt64
  /// The epoch, from 0; only the low 32 bits are used.
  public var epoch: Int
  /// The position of the image in the list of training images; only the low 32 bits are used.
  public var sample: Int

  public init(seed: UInt64, epoch: Int = 0, sample: Int = 0) {
    (self.seed, self.epoch, self.sample) = (seed, epoch, sample)
  }
}
