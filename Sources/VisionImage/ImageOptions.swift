/// How images are read: limits, which are checked against the header, orientation, and the handling of
/// damaged files.
public struct ImageOptions: Sendable, Hashable {
  /// The most pixels that an image may have; each takes three bytes.
  public var maximumPixels: Int
  /// The longest side that an image may have, in pixels.
  public var maximumSide: Int
  /// The most bytes that a file may have.
  public var maximumFileBytes: Int
  /// Whether the orientation in EXIF or XMP is applied, so that the image is upright.
  public var appliesOrientation: Bool
  /// Whether an image that is truncated or damaged after its header is decoded as far as possible, with the
  /// rest black or gray. Otherwise it is an error.
  public var allowsTruncated: Bool
  /// Whether problems in the file that do not affect the pixels are errors, see `Image.warning`.
  public var isStrict: Bool
  /// The 16-bit samples that are black and white; nil for the levels of `preprocessing`.
  public var levels: SampleLevels?
  /// The preprocessing for which the image is read, and which may request a smaller image, see
  /// `ImageDecoding`; nil for the whole image.
  public var preprocessing: Preprocessing?

  /// By default, images may have 2²⁸ pixels, sides of 2¹⁷ pixels and files of 2³⁰ bytes. They are read whole
  /// and made upright; damaged images are errors, and other problems only warnings.
  public init(
    maximumPixels: Int = 1 << 28, maximumSide: Int = 1 << 17, maximumFileBytes: Int = 1 << 30,
    appliesOrientation: Bool = true, allowsTruncated: Bool = false, isStrict: Bool = false,
    levels: SampleLevels? = nil, preprocessing: Preprocessing? = nil
  ) {
    self.maximumPixels = maximumPixels
    self.maximumSide = maximumSide
    self.maximumFileBytes = maximumFileBytes
    self.appliesOrientation = appliesOrientation
    self.allowsTruncated = allowsTruncated
    self.isStrict = isStrict
    self.levels = levels
    self.preprocessing = preprocessing
  }
}
