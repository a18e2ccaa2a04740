/// An encoded image of one format, whose header has been read and found readable.
///
/// It points into the bytes of the file, which must outlive it.
protocol FormatReader {
  var info: ImageInfo { get }

  /// The fewest bytes that a whole file with such a header can have.
  var minimumFileBytes: Int { get }

  /// Decodes the stored pixels, whose number has been found to be within the limits, not yet turned upright.
  ///
  /// - Parameter part: the part of the sides that is wanted: 1, or for JPEG also 2, 4 or 8.
  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels
}

/// Pixels in the order of the file, H×W×3.
struct DecodedPixels {
  let storage: PixelStorage
  let width: Int
  let height: Int
  /// The part of the file's sides that they are: 1, 2, 4 or 8.
  let part: Int
  var status: CodecStatus

  /// Room for pixels, black where the options allow that some are missing: never what was in memory before.
  ///
  /// - Throws: what `decode` throws, which writes them; `outOfMemory`.
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
