/// How pictures are read: limits that are checked from the header, and whether they are turned upright.
public struct ImageOptions: Sendable, Hashable {
  /// The most pixels that a picture may have; its RGB bytes take three times as many.
  public var maximumPixels: Int
  /// The longest side that a picture may have, in pixels.
  public var maximumSide: Int
  /// The most bytes that a file may have.
  public var maximumFileBytes: Int
  /// Whether the EXIF orientation is applied, so that the picture stands upright.
  public var appliesOrientation: Bool

  /// By default 2²⁸ pixels, sides of 2¹⁷ pixels, 2³⁰ bytes, upright.
  public init(
    maximumPixels: Int = 1 << 28, maximumSide: Int = 1 << 17, maximumFileBytes: Int = 1 << 30,
    appliesOrientation: Bool = true
  ) {
    self.maximumPixels = maximumPixels
    self.maximumSide = maximumSide
    self.maximumFileBytes = maximumFileBytes
    self.appliesOrientation = appliesOrientation
  }
}
