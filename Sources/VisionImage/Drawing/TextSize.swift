import VisionSystem
import VisionTensor

/// The size of drawn text.
struct TextSize: Sendable {
  /// Pixels of a unit of the font.
  let unit: Double
  /// The pen's diameter in pixels.
  let pen: Double

  /// Text whose capitals are about `capitals` pixels high.
  init(capitals: Double) {
    pen = max(capitals * 0.13, 1)
    unit = (capitals - pen) / (StrokeFont.baseLine - StrokeFont.capital)
  }

  /// The height of capitals in pixels, with the pen's thickness.
  var capitals: Double { (StrokeFont.baseLine - StrokeFont.capital) * unit + pen }

  /// The width of a text in pixels.
  func width(of text: String) -> Double {
    StrokeFont.glyphs(of: text).reduce(0) { $0 + $1.advance } * unit
  }

  /// The text, cut at its end where it is wider than `width`; empty if not even three dots fit.
  func cut(_ text: String, to width: Double) -> String {
    if self.width(of: text) <= width { return text }
    var text = text
    while !text.isEmpty {
      text.removeLast()
      while text.last == " " { text.removeLast() }
      if self.width(of: text + "…") <= width { return text.isEmpty ? "" : text + "…" }
    }
    return ""
  }
}
