import VisionSystem

/// One pass over the detections of a class, the best first, which gives precision and recall at all thresholds.
///
/// Images may count more than once: each hit and each false alarm then counts as often. That is what an evaluation of so many
/// copies of the image would give, as recall rises with hits only, and the precision after the last copy of a hit is the highest
/// of those after each. Only where detections of an image have equal scores would copies come in another order.
struct PrecisionRecallPass {
  /// The recalls at which precision is read, bit for bit as NumPy's `linspace` gives them.
  static let recalls: [Double] = (0..<100).map { (step: Int) -> Double in Double(step) * 0.01 } + [1]

  /// What is known after a hit.
  private struct Point {
    let hits: Int
    /// At this recall or a larger one, once the pass is over.
    var precision: Double
    let position: Int32
  }

  private let truths: Int
  /// For each threshold, the hits in order.
  private var points: [[Point]]
  /// The sums over the thresholds of the hits among the best detection and the ten best of an image.
  private var hitsOfBest = (one: 0, ten: 0)

  /// Precondition: `truths` is above 0.
  init(_ entries: [ClassMatches.Entry], truths: Int, weights: [Int32]? = nil) {
    self.truths = truths
    points = [[Point]](repeating: [], count: MatchedBox.thresholds.count)
    if let weights {
      weights.withUnsafeBufferPointer { weights in
        count(entries) { Int(weights[Int($0.image)]) }
      }
    } else {
      count(entries) { _ in 1 }
    }
    for place in points.indices {
      var largest = 0.0
      for index in points[place].indices.reversed() {
        largest = max(largest, points[place][index].precision)
        points[place][index].precision = largest
      }
    }
  }

  @inline(__always)
  private mutating func count(_ entries: [ClassMatches.Entry], _ weight: (ClassMatches.Entry) -> Int) {
    var hits = [Int](repeating: 0, count: points.count)
    // False alarms at all thresholds, which most detections are, and others at each.
    var common = 0
    var alarms = hits
    for entry in entries {
      let weight = weight(entry)
      if entry.alarms == MatchedBox.allThresholds {
        common += weight
        continue
      }
      guard weight > 0 else { continue }
      var left = entry.hits | entry.alarms
      while left != 0 {
        let place = left.trailingZeroBitCount
        let bit = left & (~left &+ 1)
        left ^= bit
        if entry.hits & bit != 0 {
          hits[place] += weight
          let (right, wrong) = (Double(hits[place]), Double(common + alarms[place]))
          points[place].append(
            Point(hits: hits[place], precision: right / (wrong + right + .ulpOfOne), position: entry.position)
          )
        } else {
          alarms[place] += weight
        }
      }
      let found = entry.hits.nonzeroBitCount * weight
      if entry.rank < 1 { hitsOfBest.one += found }
      if entry.rank < 10 { hitsOfBest.ten += found }
    }
  }

  /// The precision at each of the 101 recalls, 0 where it is never reached, and the detection with which it is reached.
  func interpolated(at place: Int) -> (precisions: [Double], positions: [Int32?]) {
    var precisions = [Double](repeating: 0, count: Self.recalls.count)
    var positions = [Int32?](repeating: nil, count: Self.recalls.count)
    forEachRecall(at: place) { index, point in
      (precisions[index], positions[index]) = (point.precision, point.position)
    }
    return (precisions, positions)
  }

  private func forEachRecall(at place: Int, _ body: (Int, Point) -> Void) {
    var next = 0
    let count = Double(truths)
    let points = points[place]
    for (index, recall) in Self.recalls.enumerated() {
      while next < points.count, Double(points[next].hits) / count < recall { next += 1 }
      guard next < points.count else { return }
      body(index, points[next])
    }
  }

  /// The mean of the precision at the 101 recalls.
  func averagePrecision(at place: Int) -> Double {
    var sum = 0.0
    forEachRecall(at: place) { sum += $1.precision }
    return sum / Double(Self.recalls.count)
  }

  /// The mean over the thresholds.
  var averagePrecision: Double {
    points.indices.reduce(0) { $0 + averagePrecision(at: $1) } / Double(points.count)
  }

  /// The mean over the thresholds of the part of the objects that were found.
  var averageRecall: Double { recall(points.reduce(0) { $0 + ($1.last?.hits ?? 0) }) }

  /// The same with the best detection of an image, or the ten best.
  func averageRecall(ofBest count: Int) -> Double { recall(count == 1 ? hitsOfBest.one : hitsOfBest.ten) }

  private func recall(_ hits: Int) -> Double { Double(hits) / Double(truths) / Double(points.count) }
}
