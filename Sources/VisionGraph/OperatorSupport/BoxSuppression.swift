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
  /// The edges and areas of the boxes that are kept, eight at a time; lanes without a box have no area.
  private var blocks: [Block] = []

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
    blocks.removeAll(keepingCapacity: true)
    for (_, box) in candidates {
      guard kept.count < limit else { return }
      let start = boxes.startIndex + 4 * box
      let edges = edges(boxes[start], boxes[start + 1], boxes[start + 2], boxes[start + 3])
      if isSuppressed(edges) { continue }
      if kept.count % 8 == 0 { blocks.append(Block()) }
      blocks[blocks.count - 1].put(edges, in: kept.count % 8)
      kept.append(box)
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
    guard box.area > 0 else { return false }
    for index in blocks.indices where blocks[index].overlaps(box, above: share) { return true }
    return false
  }

  /// Eight boxes that are kept.
  private struct Block {
    private var left = SIMD8<Float>()
    private var top = SIMD8<Float>()
    private var right = SIMD8<Float>()
    private var bottom = SIMD8<Float>()
    private var area = SIMD8<Float>()

    mutating func put(_ box: Edges, in lane: Int) {
      left[lane] = box.left
      top[lane] = box.top
      right[lane] = box.right
      bottom[lane] = box.bottom
      area[lane] = box.area
    }

    func overlaps(_ box: Edges, above share: Float) -> Bool {
      let width =
        pointwiseMin(right, SIMD8(repeating: box.right)) - pointwiseMax(left, SIMD8(repeating: box.left))
      let height =
        pointwiseMin(bottom, SIMD8(repeating: box.bottom)) - pointwiseMax(top, SIMD8(repeating: box.top))
      let intersection = width * height
      let union = area + box.area - intersection
      let meets = (width .> 0) .& (height .> 0) .& (area .> 0) .& (intersection .> 0) .& (union .> 0)
      return any(meets .& (intersection / union .> share))
    }
  }
}
