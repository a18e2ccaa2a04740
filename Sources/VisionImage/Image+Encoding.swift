import CImageCodecs
import VisionSystem
import VisionTensor

extension Image {
  /// The image as a PNG: 8-bit RGB, not interlaced.
  public func pngData() throws(ImageError) -> [UInt8] {
    try encoded(.png) { width, height, bytes, count, message in
      vn_png_encode(storage.base, width, height, 3, bytes, count, message)
    }
  }

  /// The image as a baseline JPEG with chroma halved in both directions; `quality` is libjpeg's, 1...100.
  ///
  /// Throws `invalidArgument` for another quality, and `tooLarge` for sides above 65500.
  public func jpegData(quality: Int = 90) throws(ImageError) -> [UInt8] {
    guard (1...100).contains(quality) else {
      throw ImageError(.invalidArgument, "a JPEG quality of \(quality) is not between 1 and 100")
    }
    return try encoded(.jpeg) { width, height, bytes, count, message in
      vn_jpeg_encode(storage.base, width, height, Int32(quality), bytes, count, message)
    }
  }

  /// Writes a PNG or JPEG according to the extension of `path`; the file is written completely or not at all.
  ///
  /// Throws `unsupported` for other extensions, `unwritable`, `isDirectory`, and the errors of `pngData` and
  /// `jpegData`.
  public func write(to path: String, quality: Int = 90) throws(ImageError) {
    guard let format = ImageFormat(path: path), format.isWritten else {
      throw ImageError(
        .unsupported, "the file name asks for neither PNG nor JPEG", place: path,
        remedy: "end it with .png or .jpg")
    }
    do throws(ImageError) {
      let data = try format == .png ? pngData() : jpegData(quality: quality)
      let result = data.withUnsafeBytes { bytes -> Result<Void, ImageError> in
        do throws(ImageError) { return .success(try AtomicFile.write(bytes, to: path)) } catch {
          return .failure(error)
        }
      }
      try result.get()
    } catch { throw error.at(path) }
  }

  private typealias Encoder = (
    UInt32, UInt32, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>,
    UnsafeMutablePointer<CChar>
  ) -> Int32

  private func encoded(_ format: ImageFormat, _ encode: Encoder) throws(ImageError) -> [UInt8] {
    guard let width = UInt32(exactly: width), let height = UInt32(exactly: height),
      width < 0x7fff_ffff, height < 0x7fff_ffff
    else { throw ImageError(.tooLarge, "\(self) is more than the format can hold") }
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    try CodecStatus.check(format) { message in encode(width, height, &bytes, &count, message) }
    defer { vn_codec_free(bytes) }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }
}
