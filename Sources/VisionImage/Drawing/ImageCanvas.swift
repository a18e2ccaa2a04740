import VisionSystem
import VisionTensor

/// A copy of an image to draw on. What lies outside of it is not drawn.
struct ImageCanvas: ~Copyable {
  let width: Int
  let height: Int
  private let copy: Image

  /// Throws `outOfMemory`.
  init(_ image: Image) throws(ImageError) {
    (width, height) = (image.width, image.height)
    copy = try Image(width: image.width, height: image.height) { target in
      image.withUnsafePixels { _ = target.update(fromContentsOf: $0) }
    }
  }

  /// The image as drawn.
  consuming func finish() -> Image { copy }

  /// Mixes the color into a pixel inside the image: all of it for `share` 1, nothing for 0.
  private func mix(_ color: RGBColor, _ share: Double, _ x: Int, _ y: Int) {
    let pixel = copy.storage.base + (y * width + x) * 3
    pixel[0] = Self.mixed(pixel[0], color.red, share)
    pixel[1] = Self.mixed(pixel[1], color.green, share)
    pixel[2] = Self.mixed(pixel[2], color.blue, share)
  }

  private static func mixed(_ old: UInt8, _ new: UInt8, _ share: Double) -> UInt8 {
    let value = Double(old) + (Double(new) - Double(old)) * share
    return UInt8(saturating: value.rounded())
  }

  /// The part of a range of pixels that is inside the image.
  private func inside(_ start: Int, _ end: Int, _ side: Int) -> Range<Int> {
    let begin = min(max(start, 0), side)
    return begin..<max(begin, min(end, side))
  }

  /// Fills the pixels of the columns and rows.
  func fill(_ columns: Range<Int>, _ rows: Range<Int>, _ color: RGBColor, share: Double = 1) {
    for y in inside(rows.lowerBound, rows.upperBound, height) {
      for x in inside(columns.lowerBound, columns.upperBound, width) { mix(color, share, x, y) }
    }
  }

  /// Draws lines of `thickness` pixels along the sides of a rectangle of pixels, inward from its edges.
  func frame(_ columns: Range<Int>, _ rows: Range<Int>, thickness: Int, _ color: RGBColor) {
    let across = min(thickness, (columns.count + 1) / 2)
    let down = min(thickness, (rows.count + 1) / 2)
    let middle = rows.lowerBound + down..<max(rows.lowerBound + down, rows.upperBound - down)
    fill(columns, rows.lowerBound..<rows.lowerBound + down, color)
    fill(columns, max(middle.upperBound, rows.upperBound - down)..<rows.upperBound, color)
    fill(columns.lowerBound..<columns.lowerBound + across, middle, color)
    fill(columns.upperBound - across..<columns.upperBound, middle, color)
  }

  /// Copies the pixels of an image, whose upper left one comes to (x, y), that are in the ellipse.
  func put(_ image: Image, x: Int, y: Int, inEllipse ellipse: PixelRegion) {
    image.withUnsafePixels { source in
      for row in inside(y, y + image.height, height) {
        for column in inside(x, x + image.width, width)
        where ellipse.ellipseContains(x: Double(column) + 0.5, y: Double(row) + 0.5) {
          let (to, from) = ((row * width + column) * 3, ((row - y) * image.width + column - x) * 3)
          for channel in 0..<3 { copy.storage.base[to + channel] = source[from + channel] }
        }
      }
    }
  }

  /// Draws a disk around a position.
  func disk(x: Double, y: Double, radius: Double, _ color: RGBColor) {
    stroke([[StrokeFont.Point(x: x, y: y)]], pen: 2 * radius, dot: 2 * radius, color)
  }

  /// Draws text from `x` on, with the base line of its pen at `y`.
  func write(_ text: String, x: Double, y: Double, _ size: TextSize, _ color: RGBColor) {
    var x = x
    for glyph in StrokeFont.glyphs(of: text) {
      let strokes = glyph.strokes.map { stroke in
        stroke.map { point in
          StrokeFont.Point(
            x: x + point.x * size.unit, y: y + (point.y - StrokeFont.baseLine) * size.unit)
        }
      }
      stroke(strokes, pen: size.pen, dot: size.pen * 1.25, color)
      x += glyph.advance * size.unit
    }
  }

  /// Draws lines with a round pen. A pixel has as much of the color as the pen covers of it, to a good approximation: its middle's
  /// distance from the edge of the pen's way counts.
  ///
  /// - Parameter dot: the diameter of strokes of one point.
  private func stroke(_ strokes: [[StrokeFont.Point]], pen: Double, dot: Double, _ color: RGBColor) {
    let points = strokes.joined()
    guard let first = points.first else { return }
    var (left, right, top, bottom) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    guard left.isFinite, right.isFinite, top.isFinite, bottom.isFinite else { return }
    let reach = max(pen, dot) / 2 + 1
    // Pens below a pixel are drawn a pixel wide, and paler.
    let strength = min(pen, 1)
    let columns = inside(Int(saturating: left - reach), Int(saturating: right + reach + 1), width)
    for y in inside(Int(saturating: top - reach), Int(saturating: bottom + reach + 1), height) {
      for x in columns {
        let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
        var depth = -1.0
        for stroke in strokes {
          let radius = max(stroke.count == 1 ? dot : pen, 1) / 2
          depth = max(depth, radius + 0.5 - Self.distance(px, py, stroke, within: radius + 0.5))
          if depth >= 1 { break }
        }
        if depth > 0 { mix(color, min(depth, 1) * strength, x, y) }
      }
    }
  }

  /// How far a position is from a stroke; infinity where it is surely more than `limit`.
  private static func distance(
    _ x: Double, _ y: Double, _ stroke: [StrokeFont.Point], within limit: Double
  ) -> Double {
    if stroke.count == 1 { return length(x - stroke[0].x, y - stroke[0].y) }
    var least = Double.infinity
    for index in 1..<max(stroke.count, 1) {
      let (a, b) = (stroke[index - 1], stroke[index])
      if min(a.x, b.x) - x > limit || x - max(a.x, b.x) > limit || min(a.y, b.y) - y > limit
        || y - max(a.y, b.y) > limit
      {
        continue
      }
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let square = dx * dx + dy * dy
      let along = square == 0 ? 0 : max(0, min(1, ((x - a.x) * dx + (y - a.y) * dy) / square))
      least = min(least, length(x - a.x - along * dx, y - a.y - along * dy))
    }
    return least
  }

  private static func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
