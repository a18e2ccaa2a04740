import VisionSystem
import VisionTensor

/// How large lines, dots and text are in an image of a given size.
struct MarkStyle: Sendable {
  /// A label with what it is written on.
  struct Plate: Sendable {
    var text: String
    var size: TextSize
    var width: Int
    var height: Int
    /// Pixels from the plate's left edge to the text.
    var inset: Double
    /// Pixels from the plate's top edge to the middle of the pen at the text's base line.
    var baseLine: Double
  }

  /// The thickness of a box's lines in pixels.
  let line: Int
  /// The radius of a dot in pixels.
  let dot: Double
  private let capitals: Double

  /// A style for an image of that many pixels: seen as a whole on a screen, lines and text look alike in all of them.
  init(width: Int, height: Int) {
    let side = (Double(width) * Double(height)).squareRoot()
    // Of narrow images the shorter side counts.
    let scale = min(side, 4 * Double(min(width, height)))
    line = max(1, Int(saturating: (scale * 0.0038 + 0.7).rounded()))
    dot = max(1, scale * 0.0035 + 0.2)
    capitals = max(7, (scale * 0.0138 + 3.5).rounded())
  }

  /// The pixels of a box: its edges to the nearest pixel, inside the image, at least one.
  func pixels(_ region: PixelRegion, width: Int, height: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    func range(_ start: Double, _ end: Double, _ side: Int) -> Range<Int> {
      let first = min(max(Int(saturating: start.rounded()), 0), side - 1)
      return first..<min(max(Int(saturating: end.rounded()), first + 1), side)
    }
    return (range(region.x, region.right, width), range(region.y, region.bottom, height))
  }

  /// The plate of a box's label; nil where there is nothing to write, or no room in the image.
  func plate(_ box: MarkedBox, width: Int) -> Plate? {
    let size = TextSize(capitals: capitals)
    let inset = (size.capitals * 0.45).rounded()
    let room = Double(width) - 2 * inset
    let whole = [box.label, box.detail].filter { !$0.isEmpty }.joined(separator: " ")
    var text = size.width(of: whole) <= room ? whole : box.label
    text = size.cut(text, to: room)
    guard !text.isEmpty else { return nil }
    // Accents above and descenders below the letters fit on the plate.
    let above = (size.capitals * 0.42 - 0.2).rounded()
    let height = Int(saturating: (size.capitals + 2 * above).rounded())
    return Plate(
      text: text, size: size,
      width: min(width, Int(saturating: (size.width(of: text) + 2 * inset).rounded(.up))),
      height: height, inset: inset, baseLine: above + size.capitals - size.pen / 2)
  }
}
