/// How images are read: limits that are checked from the header, whether they are turned upright, and what becomes
/// of damaged ones.
public struct ImageOptions: Sendable, Hashable {
  /// The most pixels that an image may have; its RGB bytes take three times as many.
  public var maximumPixels: Int
  /// The longest side that an image may have, in pixels.
  public var maximumSide: Int
  /// The most bytes that a file may have.
  public var maximumFileBytes: Int
  /// Whether the orientation by EXIF or XMP is applied, so that the image stands upright.
  public var appliesOrientation: Bool
  /// Whether an image that is cut short or damaged after its header is read as far as it goes, the rest black or
  /// gray; else it is an error.
  public var allowsTruncated: Bool
  /// Whether a file that is not quite as it should be is refused although every pixel is there, see `Image.warning`.
  public var isStrict: Bool
  /// Which samples of 16 bits are black and white; nil for those of `preprocessing`.
  public var levels: SampleLevels?
  /// What the image is read for, which may want it decoded smaller, see `ImageDecoding`; nil for the whole image.
  public var preprocessing: Preprocessing?

  /// By default 2²⁸ pixels, sides of 2¹⁷ pixels, 2³⁰ bytes, upright, damaged images refused, odd ones read,
  /// whole.
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
