/// A box by its four sides: left, top, right and bottom, in pixels.
struct BoxSides: Sendable, Hashable {
  var left, top, right, bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
  var area: Double { width * height }

  /// Whether there is anything in it; false where a side is no number.
  var isBox: Bool { width > 0 && height > 0 && area < .infinity }

  /// Whether a point lies in it, not on its edge.
  func holds(_ x: Double, _ y: Double) -> Bool { x > left && x < right && y > top && y < bottom }

  /// The box around the same center whose sides are not shorter than `side`.
  func atLeast(_ side: Double) -> BoxSides {
    let (x, y) = (max(0, side - width) / 2, max(0, side - height) / 2)
    return BoxSides(left: left - x, top: top - y, right: right + x, bottom: bottom + y)
  }

  /// Intersection over union with a box that has an area.
  func overlap(_ other: BoxSides) -> Double {
    let width = min(right, other.right) - max(left, other.left)
    let height = min(bottom, other.bottom) - max(top, other.top)
    let shared = max(width, 0) * max(height, 0)
    return shared / (area + other.area - shared)
  }

  /// Generalized IoU with a box that has an area, −1...1, and its derivatives with respect to left, top, right and
  /// bottom of this one: |A∩B| / |A∪B| − |C ∖ (A∪B)| / |C| with the smallest box C around both.
  ///
  /// Source: Rezatofighi et al., "Generalized Intersection over Union", 2019, algorithm 1.
  func generalizedOverlap(_ other: BoxSides) -> (value: Double, derivatives: [Double]) {
    let inner = (
      width: max(0, min(right, other.right) - max(left, other.left)),
      height: max(0, min(bottom, other.bottom) - max(top, other.top))
    )
    let outer = (
      width: max(right, other.right) - min(left, other.left),
      height: max(bottom, other.bottom) - min(top, other.top)
    )
    let (shared, hull) = (inner.width * inner.height, outer.width * outer.height)
    let union = area + other.area - shared
    // Sides of this box that bound the shared part, and those that bound the hull.
    let overlaps = inner.width > 0 && inner.height > 0
    let bounds = [
      left > other.left, top > other.top, right < other.right, bottom < other.bottom,
    ].map { $0 && overlaps }
    let encloses = [left < other.left, top < other.top, right > other.right, bottom > other.bottom]
    let signs = [-1.0, -1, 1, 1]
    let derivatives = (0..<4).map { side in
      let isHorizontal = side % 2 == 0
      let growth = signs[side]
      let ofShared = bounds[side] ? growth * (isHorizontal ? inner.height : inner.width) : 0
      let ofHull = encloses[side] ? growth * (isHorizontal ? outer.height : outer.width) : 0
      let ofUnion = growth * (isHorizontal ? height : width) - ofShared
      return ofShared / union - shared / union * ofUnion / union + ofUnion / hull
        - union / hull * ofHull / hull
    }
    return (shared / union - 1 + union / hull, derivatives)
  }
}
