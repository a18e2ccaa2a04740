/// The shape of an object beyond its box.
public enum ObjectOutline: Sendable, Hashable {
  /// One or several polygons that together are the object; each has at least three corners.
  case polygons([[ImagePoint]])
  /// The pixels themselves.
  case mask(RunLengthMask)

  /// The smallest upright box around it; nil if it has no area.
  public var box: Box? {
    switch self {
    case .mask(let mask): return mask.box
    case .polygons(let parts):
      let points = parts.joined()
      guard let first = points.first else { return nil }
      var (low, high) = (first, first)
      for point in points {
        low = ImagePoint(x: min(low.x, point.x), y: min(low.y, point.y))
        high = ImagePoint(x: max(high.x, point.x), y: max(high.y, point.y))
      }
      return Box(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
    }
  }

  /// Whether a box is its hull, but for what rounding to two decimals changes.
  func isHulled(by box: Box) -> Bool {
    guard let hull = self.box else { return false }
    let distances = [hull.x - box.x, hull.y - box.y, hull.right - box.right, hull.bottom - box.bottom]
    return distances.allSatisfy { abs($0) <= AnnotationAssembly.tolerance }
  }

  /// Whether it is a single polygon with the four corners of an upright rectangle, so that the box says as much.
  var isRectangle: Bool {
    guard case .polygons(let parts) = self, parts.count == 1, let points = parts.first else { return false }
    // A polygon may repeat its first corner at the end.
    let corners = points.count == 5 && points.first == points.last ? Array(points.dropLast()) : points
    guard corners.count == 4, let box else { return false }
    return Set(corners).count == 4
      && corners.allSatisfy {
        ($0.x == box.x || $0.x == box.right) && ($0.y == box.y || $0.y == box.bottom)
      }
      && (0..<4).allSatisfy {
        let (a, b) = (corners[$0], corners[($0 + 1) % 4])
        return a.x == b.x || a.y == b.y
      }
  }
}
