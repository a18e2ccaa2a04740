import VisionImage
import VisionNet

/// An image to draw on: H×W×3 bytes.
struct Drawing {
  let width: Int
  let height: Int
  private var pixels: [UInt8]
  private var texts: [DrawnText] = []

  init(width: Int, height: Int, background: RGBColor) {
    (self.width, self.height) = (width, height)
    pixels = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { pixels += [background.red, background.green, background.blue] }
  }

  /// Fills a rectangle, clipped to the image.
  mutating func fill(x: Int, y: Int, width w: Int, height h: Int, _ color: RGBColor) {
    guard w > 0, h > 0, x < width, y < height, x + w > 0, y + h > 0 else { return }
    for row in max(y, 0)..<min(y + h, height) {
      for column in max(x, 0)..<min(x + w, width) {
        let index = (row * width + column) * 3
        (pixels[index], pixels[index + 1], pixels[index + 2]) = (color.red, color.green, color.blue)
      }
    }
  }

  /// Copies an image, which must fit.
  mutating func put(_ image: Image, x: Int, y: Int) {
    image.withUnsafePixels { source in
      for row in 0..<image.height {
        let target = ((y + row) * width + x) * 3
        let line = source[row * image.width * 3..<(row + 1) * image.width * 3]
        pixels.replaceSubrange(target..<target + line.count, with: line)
      }
    }
  }

  /// Writes a text whose upper left corner is at (x, y), with capitals of that height.
  mutating func write(_ text: String, x: Int, y: Int, capitals: Int, _ color: RGBColor) {
    texts.append(DrawnText(text, x: x, baseLine: y + capitals, capitals: Double(capitals), color))
  }

  func image() throws(ImageError) -> Image {
    try Image(width: width, height: height, pixels: pixels).written(texts)
  }
}
