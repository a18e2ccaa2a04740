import VisionSystem
import VisionTensor

/// The background of a shape: flat, a gradient, stripes, a chessboard, or blotches.
struct Backdrop {
  private enum Pattern { case flat, gradient, stripes, board, blotches }

  private let pattern: Pattern
  private let first: SIMD3<Double>
  private let second: SIMD3<Double>
  private let direction: (x: Double, y: Double)
  /// The width of a stripe or square in pixels.
  private let period: Double
  private let shift: Double
  /// Gray values in 0...1 at the corners of a coarse grid.
  private let grid: [Double]
  private let side: Double

  private static let gridSide = 6

  init(_ dice: inout Dice, side: Int) {
    self.side = Double(side)
    pattern = [.flat, .gradient, .stripes, .board, .blotches][dice.choice(5)]
    // Muted, either pale or dark, so that the shape stands out.
    let value = dice.chance(0.65) ? dice.number(0.7, 1) : dice.number(0.1, 0.45)
    let hue = dice.number(0, 6)
    first = Palette.color(hue: hue, saturation: dice.number(0, 0.45), value: value)
    var other = hue + dice.number(0, 1.5)
    if other >= 6 { other -= 6 }
    second = Palette.color(
      hue: other, saturation: dice.number(0, 0.45), value: min(max(value + dice.number(-0.22, 0.22), 0.05), 1)
    )
    direction = dice.direction()
    period = dice.number(5, 14)
    shift = dice.number(0, 64)
    grid = (0..<(Self.gridSide * Self.gridSide)).map { _ in dice.number(0, 1) }
  }

  /// The approximate mean color.
  var mean: SIMD3<Double> { (first + second) * 0.5 }

  func color(x: Int, y: Int) -> SIMD3<Double> {
    first + (second - first) * part(Double(x) + 0.5, Double(y) + 0.5)
  }

  /// The fraction of the second color at a point, 0...1.
  private func part(_ x: Double, _ y: Double) -> Double {
    switch pattern {
    case .flat: return 0
    case .gradient:
      return min(max(0.5 + ((x - side / 2) * direction.x + (y - side / 2) * direction.y) / side, 0), 1)
    case .stripes: return wave(x * direction.x + y * direction.y)
    case .board:
      let (a, b) = (wave(x * direction.x + y * direction.y), wave(y * direction.x - x * direction.y))
      return a + b - 2 * a * b
    case .blotches: return blotch(x / side, y / side)
    }
  }

  /// Alternates between 0 and 1 along a line, with transitions one pixel wide.
  private func wave(_ position: Double) -> Double {
    let place = (position + shift) / (2 * period)
    let phase = (place - place.rounded(.down)) * 2 * period
    return min(max(period / 2 - abs(phase - period) + 0.5, 0), 1)
  }

  /// A smooth interpolation of the grid values.
  private func blotch(_ x: Double, _ y: Double) -> Double {
    let cells = Double(Self.gridSide - 1)
    let (column, row) = (
      min(Int(saturating: x * cells), Self.gridSide - 2), min(Int(saturating: y * cells), Self.gridSide - 2)
    )
    func smooth(_ t: Double) -> Double { t * t * (3 - 2 * t) }
    let (u, v) = (smooth(x * cells - Double(column)), smooth(y * cells - Double(row)))
    let corner = row * Self.gridSide + column
    let upper = grid[corner] + (grid[corner + 1] - grid[corner]) * u
    let below = corner + Self.gridSide
    let lower = grid[below] + (grid[below + 1] - grid[below]) * u
    return upper + (lower - upper) * v
  }
}
