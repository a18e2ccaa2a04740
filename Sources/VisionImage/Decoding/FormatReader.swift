/// An encoded image of one format, whose header has been read and is supported.
///
/// It refers to the bytes of the file, which must outlive it.
protocol FormatReader {
  var info: ImageInfo { get }

  /// The fewest bytes that a complete file with this header can have.
  var minimumFileBytes: Int { get }

  /// Decodes the stored pixels, before orientation. The caller has checked that their number is within the
  /// limits.
  ///
  /// - Parameter part: the divisor of the sides: 1, or for JPEG also 2, 4 or 8.
  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels
}

/// Decoded pixels in the order of the file, H×W×3.
struct DecodedPixels {
  let storage: PixelStorage
  let width: Int
  let height: Int
  /// The divisor of the file's sides: 1, 2, 4 or 8.
  let part: Int
  var status: CodecStatus

  /// Allocates pixels that `decode` writes.
  ///
  /// - Parameter isBlack: whether pixels are black before `decode`. Use it if some may stay unwritten, since
  ///   the memory contains old data otherwise.
  /// - Throws: the errors of `decode`; `outOfMemory`.
  init(
    width: Int, height: Int, part: Int = 1, isBlack: Bool,
    _ decode: (UnsafeMutablePointer<UInt8>) throws(ImageError) -> CodecStatus
  ) throws(ImageError) {
    (self.width, self.height, self.part) = (width, height, part)
    storage = try PixelStorage(byteCount: width * height * 3)
    if isBlack { storage.base.update(repeating: 0, count: width * height * 3) }
    status = try decode(storage.base)
  }
}
