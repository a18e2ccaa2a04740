/// The shapes, and the distance of a point from their edges.
enum ShapeOutline: String, CaseIterable {
  case circle, cross, heart, square, star, triangle

  /// The distance of a point from the edge, negative inside, for a shape of about unit radius around the
  /// origin; y points down.
  func distance(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .circle: (x * x + y * y).squareRoot() - 0.92
    case .heart: Self.heart(x, y)
    case .cross: Self.polygon(Self.crossCorners, x, y)
    case .square: Self.polygon(Self.squareCorners, x, y)
    case .star: Self.polygon(Self.starCorners, x, y)
    case .triangle: Self.polygon(Self.triangleCorners, x, y)
    }
  }

  private typealias Point = (x: Double, y: Double)

  private static let squareCorners: [Point] = [(-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)]

  /// Equilateral, with its centroid at the origin.
  private static let triangleCorners: [Point] = [(0, -1.12), (0.97, 0.56), (-0.97, 0.56)]

  private static let crossCorners: [Point] = [
    (-0.34, -1), (0.34, -1), (0.34, -0.34), (1, -0.34), (1, 0.34), (0.34, 0.34),
    (0.34, 1), (-0.34, 1), (-0.34, 0.34), (-1, 0.34), (-1, -0.34), (-0.34, -0.34),
  ]

  /// Five points on a circle of radius 1.12, alternating with five of radius 0.48; the first points up.
  private static let starCorners: [Point] = {
    // Sine and cosine of 0°, 36° … 324°.
    let unit: [Point] = [
      (0, -1), (0.5877852523, -0.8090169944), (0.9510565163, -0.3090169944), (0.9510565163, 0.3090169944),
      (0.5877852523, 0.8090169944), (0, 1), (-0.5877852523, 0.8090169944), (-0.9510565163, 0.3090169944),
      (-0.9510565163, -0.3090169944), (-0.5877852523, -0.8090169944),
    ]
    return unit.enumerated().map { index, point in
      let radius = index.isMultiple(of: 2) ? 1.12 : 0.48
      return (point.x * radius, point.y * radius)
    }
  }()

  /// A square standing on a corner, with a semicircle on each of its upper sides.
  private static func heart(_ x: Double, _ y: Double) -> Double {
    let half = 0.56
    // Moves the centroid to the origin.
    let y = y - 0.1
    let root = 0.7071067811865476
    // Coordinates along the sides of the square.
    let (u, v) = ((x + y) * root, (y - x) * root)
    let (outsideU, outsideV) = (max(abs(u) - half, 0), max(abs(v) - half, 0))
    let square =
      (outsideU * outsideU + outsideV * outsideV).squareRoot() + min(max(abs(u), abs(v)) - half, 0)
    let right = (u * u + (v + half) * (v + half)).squareRoot() - half
    let left = ((u + half) * (u + half) + v * v).squareRoot() - half
    return min(square, min(left, right))
  }

  /// The distance to the nearest edge, with a sign from the number of edges that a ray to the right crosses.
  private static func polygon(_ corners: [Point], _ x: Double, _ y: Double) -> Double {
    var nearest = Double.infinity
    var isInside = false
    var previous = corners[corners.count - 1]
    for corner in corners {
      let (edgeX, edgeY) = (corner.x - previous.x, corner.y - previous.y)
      let (pointX, pointY) = (x - previous.x, y - previous.y)
      let along = (pointX * edgeX + pointY * edgeY) / (edgeX * edgeX + edgeY * edgeY)
      let part = min(max(along, 0), 1)
      let (offX, offY) = (pointX - part * edgeX, pointY - part * edgeY)
      nearest = min(nearest, offX * offX + offY * offY)
      if (corner.y > y) != (previous.y > y), x < edgeX * (y - previous.y) / edgeY + previous.x {
        isInside.toggle()
      }
      previous = corner
    }
    return isInside ? -nearest.squareRoot() : nearest.squareRoot()
  }
}
