import VisionSystem
import VisionTensor

/// Shapes that are given by a center, sizes and an angle.
enum RotatedShape {
  /// The corners of a box that is turned clockwise, as seen, around its center; from the top left on.
  static func corners(_ box: Box, degrees: Double) -> [ImagePoint] {
    let center = ImagePoint(x: box.x + box.width / 2, y: box.y + box.height / 2)
    let (sine, cosine) = turn(degrees)
    return [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { sideX, sideY in
      let (dx, dy) = (sideX * box.width / 2, sideY * box.height / 2)
      return ImagePoint(x: center.x + dx * cosine - dy * sine, y: center.y + dx * sine + dy * cosine)
    }
  }

  /// The upright hull of an ellipse.
  static func hull(x: Double, y: Double, radiusX: Double, radiusY: Double, degrees: Double) -> Box {
    let (sine, cosine) = turn(degrees)
    let halfWidth = (radiusX * radiusX * cosine * cosine + radiusY * radiusY * sine * sine).squareRoot()
    let halfHeight = (radiusX * radiusX * sine * sine + radiusY * radiusY * cosine * cosine).squareRoot()
    return Box(x: x - halfWidth, y: y - halfHeight, width: 2 * halfWidth, height: 2 * halfHeight)
  }

  /// Sine and cosine, exact for multiples of 90°.
  private static func turn(_ degrees: Double) -> (sine: Double, cosine: Double) {
    let angle = degrees.truncatingRemainder(dividingBy: 360)
    switch angle {
    case 0: return (0, 1)
    case 90, -270: return (1, 0)
    case 180, -180: return (0, -1)
    case 270, -90: return (-1, 0)
    default: return (Libm.sin(angle * .pi / 180), Libm.cos(angle * .pi / 180))
    }
  }
}
