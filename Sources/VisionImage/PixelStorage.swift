import VisionSystem
import VisionTensor

/// The memory of pixels.
// Checked by hand: it is written only while its image is created, by the code that creates it.
final class PixelStorage: @unchecked Sendable {
  /// Bytes after the last pixel, so that vector loads may cross the end.
  static let padding = 64

  let base: UnsafeMutablePointer<UInt8>
  let byteCount: Int

  /// Allocates `byteCount` bytes, which the caller must fill.
  init(byteCount: Int) throws(ImageError) {
    guard byteCount >= 0, byteCount <= Int.max - Self.padding,
      let memory = malloc(byteCount + Self.padding)
    else { throw ImageError(.outOfMemory, "no memory for \(byteCount) bytes of pixels") }
    // A photo of 12 megapixels has 9000 small pages; creating them one by one takes a tenth of the time of
    // decoding.
    MemoryPages.populate(memory, byteCount: byteCount)
    self.base = memory.assumingMemoryBound(to: UInt8.self)
    self.byteCount = byteCount
    (base + byteCount).initialize(repeating: 0, count: Self.padding)
  }

  deinit { free(base) }
}
