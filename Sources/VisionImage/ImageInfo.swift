import VisionSystem
import VisionTensor

/// What the header of an image file says, read without decoding a pixel.
public struct ImageInfo: Sendable, Hashable {
  /// How the file stores colors.
  public enum ColorModel: String, Sendable, Hashable, CaseIterable {
    case gray, grayAlpha, rgb, rgba, palette, ycbcr, cmyk, ycck, lab
  }

  /// The format by content.
  public let format: ImageFormat
  /// Pixels in a stored row, before the orientation is applied.
  public let width: Int
  /// Stored rows, before the orientation is applied.
  public let height: Int
  /// Bits of a sample, or of a palette index.
  public let bitDepth: Int
  /// How colors are stored.
  public let colorModel: ColorModel
  /// True for Adam7 PNG, progressive JPEG and interlaced GIF.
  public let isInterlaced: Bool
  /// True for JPEG with arithmetic instead of Huffman coding.
  public let isArithmetic: Bool
  /// Whether there are more images in the file than the first one, which is read: an animation, or several pages.
  public let isAnimated: Bool
  /// The orientation by EXIF, else by XMP; `upright` where there is none, and for HEIC and AVIF, whose containers say how
  /// they are turned and whose sizes here are those of the upright image.
  public let orientation: Orientation
  /// What was ignored because it is broken, such as EXIF data without sense; the image is readable all the same.
  public let warnings: [String]

  /// Pixels in a row of the upright image.
  public var uprightWidth: Int { orientation.upright((width, height)).width }
  /// Rows of the upright image.
  public var uprightHeight: Int { orientation.upright((width, height)).height }

  init(
    format: ImageFormat, width: Int, height: Int, bitDepth: Int, colorModel: ColorModel,
    isInterlaced: Bool = false, isArithmetic: Bool = false, isAnimated: Bool = false,
    metadata: Metadata = Metadata()
  ) {
    self.format = format
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.colorModel = colorModel
    self.isInterlaced = isInterlaced
    self.isArithmetic = isArithmetic
    self.isAnimated = isAnimated
    self.orientation = metadata.orientation
    self.warnings = metadata.warnings
  }

  /// Reads the header of a file.
  ///
  /// Throws as `Image(contentsOf:)`, except for what only the pixels show.
  public init(contentsOf path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    try self.init(encoded: file.bytes, name: path)
  }

  /// Reads the header of an encoded image in memory; `name` becomes the place of errors.
  public init(encoded bytes: UnsafeRawBufferPointer, name: String? = nil) throws(ImageError) {
    do throws(ImageError) {
      self = try EncodedImage(bytes).info
    } catch { throw error.at(name) }
  }
}
