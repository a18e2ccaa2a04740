/// A line of text to be drawn into an image.
package struct DrawnText: Sendable {
  let text: String
  /// The left end and the base line, in pixels.
  let x: Double
  let baseLine: Double
  /// The height of capitals in pixels.
  let capitals: Double
  let color: RGBColor

  package init(_ text: String, x: Int, baseLine: Int, capitals: Double, _ color: RGBColor) {
    (self.text, self.x, self.baseLine) = (text, Double(x), Double(baseLine))
    (self.capitals, self.color) = (capitals, color)
  }

  /// The width of a text in pixels.
  package static func width(of text: String, capitals: Double) -> Double {
    TextSize(capitals: capitals).width(of: text)
  }

  /// The text, cut at its end where it is wider than `width`; empty if not even three dots fit.
  package static func cut(_ text: String, to width: Int, capitals: Double) -> String {
    TextSize(capitals: capitals).cut(text, to: Double(width))
  }

  /// Breaks a text between words into lines no wider than `width`, except for single words that are wider.
  package static func lines(of text: String, width: Int, capitals: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, Self.width(of: last + " " + word, capitals: capitals) <= Double(width) {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension Image {
  /// The image with lines of text on it.
  package func written(_ texts: [DrawnText]) throws(ImageError) -> Image {
    let canvas = try ImageCanvas(self)
    for line in texts {
      let size = TextSize(capitals: line.capitals)
      canvas.write(line.text, x: line.x, y: line.baseLine - size.pen / 2, size, line.color)
    }
    return canvas.finish()
  }
}
