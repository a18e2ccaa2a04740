/// One shape at its position: rotated, colored, filled or outlined, possibly with a shadow.
struct Figure {
  typealias Color = SIMD3<Double>

  private let outline: ShapeOutline
  private let center: (x: Double, y: Double)
  private let turn: (x: Double, y: Double)
  /// Pixels per unit of the outline.
  private let size: Double
  private let top: Color
  private let bottom: Color
  /// The width of the line in units of the outline; nil for a filled shape.
  private let line: Double?
  private let shadow: (x: Double, y: Double, strength: Double)?

  /// A figure that stands out from a background whose mean color is `backdrop`.
  init(_ outline: ShapeOutline, _ dice: inout Dice, side: Int, on backdrop: Color) {
    self.outline = outline
    let side = Double(side)
    size = side * dice.number(0.2, 0.36)
    // The farthest corner stays inside the image.
    let slack = side / 2 - size * 1.13
    center = (side / 2 + dice.number(-slack, slack), side / 2 + dice.number(-slack, slack))
    turn = dice.direction()
    top = Self.color(&dice, unlike: backdrop)
    let shade = dice.number(0.75, 1.15)
    bottom = (top * shade).clamped(lowerBound: Color(repeating: 0), upperBound: Color(repeating: 1))
    line = dice.chance(0.25) ? dice.number(0.16, 0.26) : nil
    let isShadowed = dice.chance(0.4)
    let (x, y, strength) = (dice.number(-2.5, 2.5), dice.number(1, 3), dice.number(0.15, 0.4))
    shadow = isShadowed ? (x, y, strength) : nil
  }

  /// The color of a point of the image where the background has the color `under`.
  func color(x: Double, y: Double, over under: Color) -> Color {
    var result = under
    if let shadow {
      // The shadow has softer edges than the figure.
      let cover = coverage(x - shadow.x, y - shadow.y, softness: 3)
      result *= 1 - shadow.strength * cover
    }
    let cover = coverage(x, y, softness: 1)
    if cover > 0 {
      let part = min(max((y - center.y) / (2 * size) + 0.5, 0), 1)
      result += (top + (bottom - top) * part - result) * cover
    }
    return result
  }

  /// The fraction of the pixel around a point that the figure covers, 0...1.
  private func coverage(_ x: Double, _ y: Double, softness: Double) -> Double {
    let (offX, offY) = ((x - center.x) / size, (y - center.y) / size)
    // Beyond all corners and the softest edge.
    if offX * offX + offY * offY > 1.7 { return 0 }
    var distance = outline.distance(offX * turn.x + offY * turn.y, offY * turn.x - offX * turn.y)
    if let line { distance = max(distance, -distance - line) }
    return min(max(0.5 - distance * size / softness, 0), 1)
  }

  /// A saturated color at some distance from another, or the most distant of eight.
  private static func color(_ dice: inout Dice, unlike other: Color) -> Color {
    var (best, farthest) = (Color(), -1.0)
    for _ in 0..<8 {
      let color = Palette.color(
        hue: dice.number(0, 6), saturation: dice.number(0.45, 1), value: dice.number(0.2, 1))
      let distance = Palette.distance(color, other)
      if distance > farthest { (best, farthest) = (color, distance) }
      if distance > 0.38 { break }
    }
    return best
  }
}
