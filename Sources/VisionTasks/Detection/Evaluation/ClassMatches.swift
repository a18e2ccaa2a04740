import VisionSystem

/// The detections of a class in all images, the best first, and how many objects of it there are.
struct ClassMatches {
  /// A detection that counts for objects of a range of areas.
  struct Entry {
    let image: Int32
    /// The position in `boxes`.
    let position: Int32
    let hits: UInt16
    let alarms: UInt16
    let rank: Int32
  }

  private(set) var boxes: [MatchedBox] = []
  /// For each image with objects, those of each range of areas that must be found.
  private(set) var truths: [(image: Int32, counts: SIMD4<Int32>)] = []
  /// For each range of areas, the detections that count at some threshold, up to the last one that finds an object: those
  /// behind it change no number.
  private(set) var entries: [[Entry]] = []

  mutating func add(_ box: MatchedBox) { boxes.append(box) }

  mutating func add(_ counts: SIMD4<Int32>, image: Int) {
    truths.append((Int32(truncatingIfNeeded: image), counts))
  }

  /// Puts the detections in order, once all are there.
  mutating func sort() {
    boxes.sort(by: MatchedBox.precedes)
    entries = AreaRange.allCases.map { range in
      let index = range.rawValue
      let end = boxes.lastIndex { $0.hits[index] != 0 }.map { $0 + 1 } ?? 0
      return boxes[..<end].enumerated().compactMap { position, box in
        let (hits, alarms) = (box.hits[index], box.alarms[index])
        guard hits | alarms != 0 else { return nil }
        return Entry(
          image: box.image, position: Int32(truncatingIfNeeded: position), hits: hits, alarms: alarms,
          rank: box.rank)
      }
    }
  }

  /// The objects of the range that must be found, where each image counts as often as `weights` says; each once where it is nil.
  func truthCount(_ range: AreaRange, weights: [Int32]? = nil) -> Int {
    let index = range.rawValue
    guard let weights else { return truths.reduce(0) { $0 + Int($1.counts[index]) } }
    return truths.reduce(0) { $0 + Int($1.counts[index]) * Int(weights[Int($1.image)]) }
  }

  /// COCO's twelve numbers of the class.
  ///
  /// - Parameter weights: how often each image counts; once where it is nil.
  func numbers(weights: [Int32]? = nil) -> DetectionNumbers {
    let parts = AreaRange.allCases.map { range -> PrecisionRecallPass? in
      let count = truthCount(range, weights: weights)
      return count > 0 ? PrecisionRecallPass(entries[range.rawValue], truths: count, weights: weights) : nil
    }
    let (all, small, medium, large) = (parts[0], parts[1], parts[2], parts[3])
    return DetectionNumbers([
      all?.averagePrecision, all?.averagePrecision(at: 0), all?.averagePrecision(at: 5),
      small?.averagePrecision, medium?.averagePrecision, large?.averagePrecision,
      all?.averageRecall(ofBest: 1), all?.averageRecall(ofBest: 10), all?.averageRecall,
      small?.averageRecall, medium?.averageRecall, large?.averageRecall,
    ])
  }

  /// The curves at COCO's thresholds for objects of any size; none where there is no object.
  var curves: [PrecisionRecallCurve] {
    let count = truthCount(.all)
    guard count > 0 else { return [] }
    let pass = PrecisionRecallPass(entries[0], truths: count)
    return MatchedBox.thresholds.indices.map { place in
      let (precisions, positions) = pass.interpolated(at: place)
      return PrecisionRecallCurve(
        iou: MatchedBox.thresholds[place], precisions: precisions,
        confidences: positions.map { position in
          position.map { boxes[Int($0)].score }
        })
    }
  }

  /// Whether each detection found an object, at one of COCO's thresholds and for any size, the best first; without those that do
  /// not count.
  func outcomes(at place: Int) -> [(score: Double, isHit: Bool)] {
    boxes.compactMap { box in
      let bit = UInt16(1) << UInt16(truncatingIfNeeded: place)
      guard (box.hits[0] | box.alarms[0]) & bit != 0 else { return nil }
      return (box.score, box.hits[0] & bit != 0)
    }
  }
}
