import VisionData

extension Box {
  /// The part of the union of two boxes that both cover, or of this box that the other one covers if `other` is a crowd.
  ///
  /// In the order of operations of pycocotools' `bbIou`, so that results at a threshold fall to the same side.
  func overlap(_ other: Box, isCrowd: Bool = false) -> Double {
    let width = min(self.width + x, other.width + other.x) - max(x, other.x)
    guard width > 0 else { return 0 }
    let height = min(self.height + y, other.height + other.y) - max(y, other.y)
    guard height > 0 else { return 0 }
    let common = width * height
    let own = self.width * self.height
    let whole = isCrowd ? own : own + other.width * other.height - common
    // The product of tiny sides may be 0.
    return whole > 0 ? common / whole : 0
  }
}
