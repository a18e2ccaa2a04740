import VisionCompute

/// Which classes a detector takes for which, with the background as one more class.
public struct DetectionConfusion: Sendable, Hashable, Codable {
  /// The least score of a detection that is looked at.
  public let confidence: Double
  /// The least IoU of a detection and the object that it is taken to show.
  public let iou: Double
  /// The number of classes without the background.
  public let classes: Int
  /// (K + 1)×(K + 1): element i · (K + 1) + j counts the objects of class i that were taken for class j. Row K are detections of
  /// what is no object, column K are objects that were not found.
  public private(set) var counts: [Int]

  init(_ evaluation: DetectionEvaluation, confidence: Double, iou: Double, threads: Int?) {
    let classes = evaluation.classes.count
    (self.confidence, self.iou, self.classes) = (confidence, iou, classes)
    counts = [Int](repeating: 0, count: (classes + 1) * (classes + 1))
    let samples = evaluation.samples
    let pairs = Executor(threads: threads).results(samples.count) {
      Self.pairs(of: samples[$0], confidence: confidence, overlap: min(iou, 1 - 1e-10))
    }
    for (truth, detection) in pairs.joined() {
      counts[(truth ?? classes) * (classes + 1) + (detection ?? classes)] += 1
    }
  }

  /// The objects of class `truth` that were taken for class `detection`; nil is the background.
  public subscript(truth truth: Int?, detection detection: Int?) -> Int {
    counts[(truth ?? classes) * (classes + 1) + (detection ?? classes)]
  }

  /// Pairs of classes in one image, of objects and of what they were taken for; nil is the background.
  ///
  /// Objects of the right class come first, as COCO matches them, then pairs of others by their IoU.
  private static func pairs(
    of sample: DetectionSample, confidence: Double, overlap least: Double
  ) -> [(truth: Int?, detection: Int?)] {
    let (truths, detections) = (sample.truths, sample.detections)
    var pairs: [(truth: Int?, detection: Int?)] = []
    var taken = [Bool](repeating: false, count: truths.count)
    var left: [Int] = []
    let order = detections.indices.filter { detections[$0].score >= confidence }
      .sorted { (-detections[$0].score, $0) < (-detections[$1].score, $1) }
    for index in order {
      let detection = detections[index]
      switch match(detection, truths, taken, least) {
      case nil: left.append(index)
      case let object?:
        taken[object] = true
        if truths[object].counts { pairs.append((detection.classIndex, detection.classIndex)) }
      }
    }
    // The position in `left` is the order of the scores.
    var others: [(overlap: Double, place: Int, object: Int)] = []
    for (place, index) in left.enumerated() {
      for object in truths.indices where !taken[object] && truths[object].counts {
        let overlap = detections[index].box.overlap(truths[object].box)
        if overlap >= least, truths[object].classIndex != detections[index].classIndex {
          others.append((overlap, place, object))
        }
      }
    }
    others.sort { (-$0.overlap, $0.place, $0.object) < (-$1.overlap, $1.place, $1.object) }
    var used = [Bool](repeating: false, count: left.count)
    for (_, place, object) in others where !used[place] && !taken[object] {
      (used[place], taken[object]) = (true, true)
      pairs.append((truths[object].classIndex, detections[left[place]].classIndex))
    }
    for (place, index) in left.enumerated() where !used[place] {
      pairs.append((nil, detections[index].classIndex))
    }
    for object in truths.indices where !taken[object] && truths[object].counts {
      pairs.append((truths[object].classIndex, nil))
    }
    return pairs
  }

  /// The object of the detection's class that it is taken to show: one that counts, or else one that does not; of crowds any number.
  private static func match(
    _ detection: ScoredBox, _ truths: [TrueBox], _ taken: [Bool], _ least: Double
  ) -> Int? {
    for counts in [true, false] {
      var (best, overlap) = (Int?.none, least)
      for (index, truth) in truths.enumerated()
      where truth.classIndex == detection.classIndex && truth.counts == counts
        && (!taken[index] || truth.isCrowd)
      {
        let common = detection.box.overlap(truth.box, isCrowd: truth.isCrowd)
        if common >= overlap { (best, overlap) = (index, common) }
      }
      if best != nil { return best }
    }
    return nil
  }
}

extension DetectionEvaluation {
  /// Which classes are taken for which, with the background as one more class.
  ///
  /// - Parameters:
  ///   - confidence: the least score of a detection that is looked at.
  ///   - iou: the least IoU, above 0 and at most 1.
  ///   - threads: one per core by default.
  /// - Throws: `DetectionEvaluationError` with kind `invalidArgument`.
  public func confusion(
    confidence: Double = 0.25, iou: Double = 0.5, threads: Int? = nil
  ) throws(DetectionEvaluationError) -> DetectionConfusion {
    guard confidence.isFinite, iou > 0, iou <= 1 else {
      throw DetectionEvaluationError(
        .invalidArgument, "no confidence of \(confidence) and IoU of \(iou) can be asked for",
        remedy: "the confidence is a number, the IoU above 0 and at most 1")
    }
    return DetectionConfusion(self, confidence: confidence, iou: iou, threads: threads)
  }
}
