package import VisionImage
import VisionTensor

extension Box {
  /// The upright hull of the box's corners after a map.
  package func hull(after map: AffineMap) -> Box {
    let corners = [(x, y), (right, y), (x, bottom), (right, bottom)].map { map(x: $0.0, y: $0.1) }
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return Box(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }

  /// The part of the box inside an image of these sides; nil if it lies outside. A box that fits keeps its numbers.
  package func clipped(width: Double, height: Double) -> Box? {
    clipped(to: Box(x: 0, y: 0, width: width, height: height))
  }

  /// The part of the box inside another one; nil if there is none. A box that fits keeps its numbers.
  package func clipped(to other: Box) -> Box? {
    if x >= other.x, y >= other.y, right <= other.right, bottom <= other.bottom { return self }
    let (left, top) = (max(x, other.x), max(y, other.y))
    let (right, bottom) = (min(right, other.right), min(bottom, other.bottom))
    guard right > left, bottom > top else { return nil }
    return Box(x: left, y: top, width: right - left, height: bottom - top)
  }
}
