import VisionSystem
import VisionTensor

/// The contents of an image file's header, read without decoding pixels.
public struct ImageInfo: Sendable, Hashable {
  /// How the file stores colors.
  public enum ColorModel: String, Sendable, Hashable, CaseIterable {
    case gray, grayAlpha, rgb, rgba, palette, ycbcr, cmyk, ycck, lab
  }

  /// The format, recognized from the contents.
  public let format: ImageFormat
  /// Pixels in a stored row, before the orientation is applied.
  public let width: Int
  /// Stored rows, before the orientation is applied.
  public let height: Int
  /// Bits per sample or per palette index.
  public let bitDepth: Int
  /// How colors are stored.
  public let colorModel: ColorModel
  /// True for Adam7 PNG, progressive JPEG and interlaced GIF.
  public let isInterlaced: Bool
  /// True for JPEG with arithmetic instead of Huffman coding.
  public let isArithmetic: Bool
  /// Whether the file has more images than the first, as in an animation or several pages. Only the first is
  /// read.
  public let isAnimated: Bool
  /// The orientation from EXIF, or else from XMP; `upright` if there is none. It is always `upright` for HEIC
  /// and AVIF, whose rotation is part of the container and already applied to `width` and `height`.
  public let orientation: Orientation
  /// Invalid parts of the file that were ignored, such as invalid EXIF data. The image can be read
  /// nevertheless.
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
  /// Throws the errors of `Image(contentsOf:)`, except those that only decoding can detect.
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
