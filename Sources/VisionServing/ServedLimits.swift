import VisionImage

/// What images of strangers may cost.
public struct ServedLimits: Sendable, Hashable {
  /// The most pixels of an image; each takes three bytes.
  public var pixels: Int
  /// The longest side of an image in pixels.
  public var side: Int
  /// The most bytes of an encoded image.
  public var bytes: Int

  public init(pixels: Int = 64 << 20, side: Int = 1 << 16, bytes: Int = 32 << 20) {
    (self.pixels, self.side, self.bytes) = (pixels, side, bytes)
  }

  var options: ImageOptions {
    ImageOptions(maximumPixels: pixels, maximumSide: side, maximumFileBytes: bytes)
  }
}
