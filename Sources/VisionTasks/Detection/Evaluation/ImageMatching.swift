import VisionSystem
import VisionData

/// The detections of an image beside its objects, class by class, as pycocotools' `evaluateImg` matches them.
struct ImageMatching {
  /// The detections that count of each class, the best first.
  private(set) var boxes: [(classIndex: Int, box: MatchedBox)] = []
  /// How many objects of each range of areas must be found, for the classes that have objects.
  private(set) var truths: [(classIndex: Int, counts: SIMD4<Int32>)] = []

  /// At most as many detections of a class in an image are looked at.
  static let limit = 100

  init(_ sample: DetectionSample, image: Int) {
    let detections = sample.detections
    let order = detections.indices.sorted {
      let (a, b) = (detections[$0], detections[$1])
      if a.classIndex != b.classIndex { return a.classIndex < b.classIndex }
      return a.score != b.score ? a.score > b.score : $0 < $1
    }
    let objects = sample.truths.indices.sorted {
      let (a, b) = (sample.truths[$0].classIndex, sample.truths[$1].classIndex)
      return a != b ? a < b : $0 < $1
    }
    boxes.reserveCapacity(order.count)
    var (next, object) = (0, 0)
    while next < order.count || object < objects.count {
      let classIndex = min(
        next < order.count ? detections[order[next]].classIndex : .max,
        object < objects.count ? sample.truths[objects[object]].classIndex : .max)
      let end = order[next...].prefix { detections[$0].classIndex == classIndex }.endIndex
      let last = objects[object...].prefix { sample.truths[$0].classIndex == classIndex }.endIndex
      match(
        order[next..<min(end, next + Self.limit)].map { detections[$0] },
        objects[object..<last].map { sample.truths[$0] }, classIndex, image)
      (next, object) = (end, last)
    }
  }

  private mutating func match(
    _ detections: [ScoredBox], _ objects: [TrueBox], _ classIndex: Int, _ image: Int
  ) {
    let ignored = AreaRange.allCases.map { range in
      objects.map { !$0.counts || !range.areas.contains($0.area) }
    }
    if !objects.isEmpty {
      var counts = SIMD4<Int32>()
      for range in ignored.indices { counts[range] = Int32(truncatingIfNeeded: ignored[range].count { !$0 }) }
      truths.append((classIndex, counts))
    }
    // For each range and object, the thresholds at which it is taken already.
    var taken = [[UInt16]](repeating: [UInt16](repeating: 0, count: objects.count), count: ignored.count)
    for (rank, detection) in detections.enumerated() {
      var found = MatchedBox(
        score: detection.score, image: Int32(truncatingIfNeeded: image), rank: Int32(truncatingIfNeeded: rank)
      )
      let overlaps = objects.indices.compactMap { index -> (object: Int, overlap: Double)? in
        let overlap = detection.box.overlap(objects[index].box, isCrowd: objects[index].isCrowd)
        return overlap >= MatchedBox.thresholds[0] ? (index, overlap) : nil
      }
      let area = detection.box.width * detection.box.height
      for range in AreaRange.allCases {
        let index = range.rawValue
        var (matched, ignorable) = (UInt16(0), UInt16(0))
        if !overlaps.isEmpty {
          for (place, threshold) in MatchedBox.thresholds.enumerated() {
            let bit = UInt16(1) << UInt16(place)
            guard
              let object = Self.best(
                of: overlaps, above: threshold, objects, ignored[index], taken: taken[index], bit)
            else { continue }
            taken[index][object] |= bit
            matched |= bit
            if ignored[index][object] { ignorable |= bit }
          }
        }
        found.hits[index] = matched & ~ignorable
        found.alarms[index] = range.areas.contains(area) ? MatchedBox.allThresholds & ~matched : 0
      }
      boxes.append((classIndex, found))
    }
  }

  /// The object that a detection is taken to show: of those that count and are free the one that it overlaps most; if there is
  /// none, of those that do not count, among which crowds are always free. Of equals it is the last.
  private static func best(
    of overlaps: [(object: Int, overlap: Double)], above threshold: Double, _ objects: [TrueBox],
    _ ignored: [Bool], taken: [UInt16], _ bit: UInt16
  ) -> Int? {
    for wanted in [false, true] {
      var least = min(threshold, 1 - 1e-10)
      var best: Int?
      for (object, overlap) in overlaps where ignored[object] == wanted && overlap >= least {
        if taken[object] & bit != 0, !objects[object].isCrowd { continue }
        (least, best) = (overlap, object)
      }
      if best != nil { return best }
    }
    return nil
  }
}
