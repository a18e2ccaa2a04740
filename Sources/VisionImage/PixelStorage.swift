import VisionSystem
import VisionTensor

/// Pixel memory.
// Checked by hand: it is written while its image is made, by whoever makes it, and never after.
final class PixelStorage: @unchecked Sendable {
  /// Bytes behind the last pixel, so that vector loads may run over the end.
  static let padding = 64

  let base: UnsafeMutablePointer<UInt8>
  let byteCount: Int

  /// Room for `byteCount` bytes that the caller fills.
  init(byteCount: Int) throws(ImageError) {
    guard byteCount >= 0, byteCount <= Int.max - Self.padding,
      let memory = malloc(byteCount + Self.padding)
    else { throw ImageError(.outOfMemory, "no memory for \(byteCount) bytes of pixels") }
    // A photo of 12 megapixels is 9000 small pages, which take as long to come as a tenth of its decoding.
    MemoryPages.populate(memory, byteCount: byteCount)
    self.base = memory.assumingMemoryBound(to: UInt8.self)
    self.byteCount = byteCount
    (base + byteCount).initialize(repeating: 0, count: Self.padding)
  }

  deinit { free(base) }
}
