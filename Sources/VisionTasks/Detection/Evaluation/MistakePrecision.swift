import VisionCompute

/// The average precision as tidecv computes it, as it is and when mistakes are corrected.
struct MistakePrecision {
  enum Change {
    case asItIs
    case corrected(DetectionMistake.Kind)
    case falseAlarmsLast
    case withoutMisses
  }

  private typealias Outcome = (score: Double, isHit: Bool)

  private let images: [ImageMistakes]
  /// The objects of each class that must be found, and those of them that are not.
  private var truths: [Int]
  private var notFound: [Int]
  private let executor: Executor

  init(_ images: [ImageMistakes], classes: Int, _ executor: Executor) {
    (self.images, self.executor) = (images, executor)
    truths = [Int](repeating: 0, count: classes)
    notFound = truths
    for image in images {
      for index in image.truths { truths[index] += 1 }
      for index in image.notFound { notFound[index] += 1 }
    }
  }

  /// The mean over the classes with objects or detections; nil if there are none.
  func mean(_ change: Change) -> Double? {
    var truths = truths
    var outcomes = [[Outcome]](repeating: [], count: truths.count)
    func add(_ entry: ImageMistakes.Entry?, _ isHit: Bool, score: Double? = nil) {
      if let entry { outcomes[entry.classIndex].append((score ?? entry.score, isHit)) }
    }
    if case .asItIs = change {
      for outcome in images.lazy.flatMap(\.outcomes) { add(outcome.entry, outcome.isHit) }
    } else {
      // Of equal scores the mistakes come first, as in tidecv.
      for item in images.lazy.flatMap(\.items) {
        switch change {
        case .corrected(.missed) where item.mistake.kind == .missed: truths[item.classIndex] -= 1
        case .corrected(let kind) where item.mistake.kind == kind: add(item.corrected, true)
        case .falseAlarmsLast: add(item.original, false, score: 0)
        default: add(item.original, false)
        }
      }
      var score: Double?
      if case .falseAlarmsLast = change { score = 1 }
      for outcome in images.lazy.flatMap(\.outcomes) where outcome.isHit {
        add(outcome.entry, true, score: score)
      }
      if case .withoutMisses = change { for index in truths.indices { truths[index] -= notFound[index] } }
    }
    let (found, counts) = (outcomes, truths)
    let present = counts.indices.filter { counts[$0] > 0 || !found[$0].isEmpty }
    guard !present.isEmpty else { return nil }
    let precisions = executor.results(present.count) {
      Self.average(found[present[$0]], truths: counts[present[$0]])
    }
    return precisions.reduce(0, +) / Double(present.count)
  }

  /// The mean of the precision at 101 recalls, which are hundredths here and differ from COCO's in their last bits.
  private static func average(_ outcomes: [Outcome], truths: Int) -> Double {
    guard truths > 0 else { return 0 }
    // Sorting keeps the order of equal scores.
    let sorted = outcomes.sorted { $0.score > $1.score }
    // After each hit.
    var precisions: [Double] = []
    for (place, outcome) in sorted.enumerated() where outcome.isHit {
      precisions.append(Double(precisions.count + 1) / Double(place + 1))
    }
    for index in precisions.indices.dropLast().reversed() {
      precisions[index] = max(precisions[index], precisions[index + 1])
    }
    var (sum, next) = (0.0, 0)
    for step in 0...100 {
      while next < precisions.count, Double(next + 1) / Double(truths) < Double(step) / 100 { next += 1 }
      guard next < precisions.count else { break }
      sum += precisions[next]
    }
    return sum / 101
  }
}
