import VisionSystem
import VisionTensor

/// Draws images with repetition, so that it shows how much a measure depends on which images there are.
///
/// Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979.
struct BootstrapResampling {
  let images: Int
  /// How often a set of as many images is drawn.
  let count: Int
  private let random: Philox

  init(images: Int, count: Int, seed: UInt64) {
    (self.images, self.count, random) = (images, count, Philox(seed: seed))
  }

  /// How often each image is drawn the time numbered `draw`. A function of seed and number, so that any thread can do it.
  func weights(_ draw: Int) -> [Int32] {
    var weights = [Int32](repeating: 0, count: images)
    let stream = UInt32(truncatingIfNeeded: draw)
    for first in stride(from: 0, to: images, by: 4) {
      // The last word is the site of these numbers; others are in ARCHITECTURE.md.
      let bits = random.block(UInt32(truncatingIfNeeded: first / 4), 0, stream, 0xE000_0000)
      for lane in 0..<min(4, images - first) {
        weights[Int((UInt64(bits[lane]) * UInt64(images)) >> 32)] += 1
      }
    }
    return weights
  }
}
