/// Which boxes of one class are kept: the best, and of the others those that overlap none that is kept too much.
///
/// The memory serves for all classes.
struct BoxSuppression {
  private let areCentered: Bool
  private let share: Float
  /// The boxes that are kept, the best first.
  private(set) var kept: [Int] = []
  /// The boxes whose scores suffice.
  private var candidates: [(score: Float, box: Int)] = []
  /// Left, top, right, bottom and area of the boxes that are kept, one array each.
  private var left: [Float] = []
  private var top: [Float] = []
  private var right: [Float] = []
  private var bottom: [Float] = []
  private var area: [Float] = []

  init(areCentered: Bool, share: Float) {
    self.areCentered = areCentered
    self.share = share
  }

  /// - Parameters:
  ///   - boxes: four numbers for each box.
  ///   - scores: one for each box.
  ///   - least: the score that a box must exceed; nil for no such score.
  ///   - limit: how many boxes are kept at most.
  mutating func choose(
    from boxes: ArraySlice<Float>, _ scores: ArraySlice<Float>, above least: Float?, limit: Int
  ) {
    candidates.removeAll(keepingCapacity: true)
    for (box, score) in scores.enumerated() where !score.isNaN && (least.map { score > $0 } ?? true) {
      candidates.append((score, box))
    }
    candidates.sort { $0.score > $1.score || $0.score == $1.score && $0.box < $1.box }
    kept.removeAll(keepingCapacity: true)
    left.removeAll(keepingCapacity: true)
    top.removeAll(keepingCapacity: true)
    right.removeAll(keepingCapacity: true)
    bottom.removeAll(keepingCapacity: true)
    area.removeAll(keepingCapacity: true)
    for (_, box) in candidates {
      guard kept.count < limit else { return }
      let start = boxes.startIndex + 4 * box
      let edges = edges(boxes[start], boxes[start + 1], boxes[start + 2], boxes[start + 3])
      if isSuppressed(edges) { continue }
      kept.append(box)
      left.append(edges.left)
      top.append(edges.top)
      right.append(edges.right)
      bottom.append(edges.bottom)
      area.append(edges.area)
    }
  }

  private struct Edges {
    var left: Float
    var top: Float
    var right: Float
    var bottom: Float
    var area: Float { (right - left) * (bottom - top) }
  }

  private func edges(_ a: Float, _ b: Float, _ c: Float, _ d: Float) -> Edges {
    if areCentered {
      let (width, height) = (c / 2, d / 2)
      return Edges(left: a - width, top: b - height, right: a + width, bottom: b + height)
    }
    return Edges(left: min(b, d), top: min(a, c), right: max(b, d), bottom: max(a, c))
  }

  /// Whether a box shares more of the union than allowed with one that is kept. A box without an area overlaps none.
  private func isSuppressed(_ box: Edges) -> Bool {
    let own = box.area
    guard own > 0 else { return false }
    for index in left.indices {
      let width = min(box.right, right[index]) - max(box.left, left[index])
      let height = min(box.bottom, bottom[index]) - max(box.top, top[index])
      guard width > 0, height > 0, area[index] > 0 else { continue }
      let intersection = width * height
      let union = area[index] + own - intersection
      guard intersection > 0, union > 0 else { continue }
      if intersection / union > share { return true }
    }
    return false
  }
}
