import VisionNet

/// Counts the points whose ring was found.
struct RingCounter: TaskEvaluator {
  private var right = 0
  private var all = 0

  mutating func add(_ prediction: (ring: Int, lead: Float), _ truth: Ring) {
    all += 1
    if prediction.ring == truth.number { right += 1 }
  }

  mutating func merge(_ other: RingCounter) {
    right += other.right
    all += other.all
  }

  var scores: [Score] { [Score(name: "right", value: all == 0 ? 0 : Double(right) / Double(all))] }
}
