import VisionImage
import VisionSystem
import VisionTensor

/// A file of the dataset and the result of examining it.
struct ExaminedImage: Sendable {
  /// The properties of a readable file.
  struct Facts: Sendable {
    let info: ImageInfo
    let isAnimated: Bool
    let isTransparent: Bool
    /// A defect of a file that has nevertheless all its pixels.
    let odd: String?
    let byteCount: Int
    /// The hash of the file, and that of the size and pixels of the upright image.
    let file: ContentHash
    let pixels: ContentHash
    let sketch: ImageSketch
  }

  /// Where the file is listed, with the indices of its label and split.
  let path: String
  let label: Int
  let split: Int
  let outcome: Result<Facts, ImageError>

  var facts: Facts? { try? outcome.get() }

  /// Reads a file completely, as in training.
  static func facts(_ path: String, isStrictDecoding: Bool) throws(ImageError) -> Facts {
    let options = ImageOptions(isStrict: isStrictDecoding)
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    let info = try ImageInfo(encoded: file.bytes, name: path)
    let image = try Image(encoded: file.bytes, name: path, options: options)
    let chunks = info.format == .png ? PNGChunks(file.bytes) : nil
    let hasAlpha = info.colorModel == .rgba || info.colorModel == .grayAlpha
    let size = [UInt64(image.width), UInt64(image.height)]
    let pixels = size.withUnsafeBytes { size in
      image.withUnsafePixels { ContentHash(of: size, UnsafeRawBufferPointer($0)) }
    }
    return Facts(
      info: info, isAnimated: info.isAnimated,
      isTransparent: hasAlpha || chunks?.isTransparent ?? false, odd: image.warning,
      byteCount: file.bytes.count,
      file: ContentHash(of: file.bytes), pixels: pixels, sketch: try ImageSketch(image))
  }
}
