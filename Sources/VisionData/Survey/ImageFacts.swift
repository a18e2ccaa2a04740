import VisionImage
import VisionSystem
import VisionTensor

/// The properties of one image.
struct ImageFacts: Sendable {
  let width: Int
  let height: Int
  /// Whether every pixel is a shade of gray.
  let isGray: Bool
  /// The means of red, green and blue, 0...1.
  let mean: SIMD3<Double>
  /// The means of the squares of red, green and blue.
  let meanSquare: SIMD3<Double>
  /// The hash of the file.
  let hash: ContentHash
  /// A defect of the file, if any.
  let odd: String?

  /// Decodes the file at `path`.
  ///
  init(path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    hash = ContentHash(of: file.bytes)
    let image = try Image(encoded: file.bytes, name: path, options: options)
    (width, height, odd) = (image.width, image.height, image.warning)
    var (sum, squares) = (SIMD3<UInt64>(), SIMD3<UInt64>())
    var isGray = true
    image.withUnsafePixels { pixels in
      var index = 0
      while index + 2 < pixels.count {
        let (red, green, blue) = (UInt64(pixels[index]), UInt64(pixels[index + 1]), UInt64(pixels[index + 2]))
        let pixel = SIMD3(red, green, blue)
        sum &+= pixel
        squares &+= pixel &* pixel
        if red != green || green != blue { isGray = false }
        index += 3
      }
    }
    self.isGray = isGray
    let count = Double(image.width * image.height)
    mean = SIMD3<Double>(sum) / (255 * count)
    meanSquare = SIMD3<Double>(squares) / (255 * 255 * count)
  }
}
