import VisionCompute

/// The mistakes of a detector by kind, and what each kind costs, as TIDE (PyPI's tidecv) defines them.
///
/// TIDE looks at the 100 best detections of an image, of all classes together, and at one threshold of IoU. What its average precision
/// leaves out, as detections in crowds, is sorted into the kinds, too. Objects marked as difficult are regions like crowds.
public struct DetectionMistakes: Sendable, Hashable {
  /// From this IoU on a detection shows an object.
  public let positive: Double
  /// Up to this IoU it shows nothing.
  public let background: Double
  /// The mean of the classes' average precision at `positive`, 0...1, with classes of false alarms alone as 0, unlike COCO's; nil
  /// where there are neither objects nor detections.
  public let averagePrecision: Double?
  /// By image; in an image by score, with missed objects at the end.
  public let mistakes: [DetectionMistake]
  /// How much larger `averagePrecision` would be without the mistakes of a kind, at least 0.
  public let costs: [DetectionMistake.Kind: Double]
  /// How much larger it would be if all false alarms had smaller scores than all hits.
  public let falseAlarmCost: Double
  /// How much larger it would be if objects that are not found were not there.
  public let missCost: Double

  /// The number of mistakes of a kind.
  public func count(_ kind: DetectionMistake.Kind) -> Int { mistakes.count { $0.kind == kind } }

  init(_ evaluation: DetectionEvaluation, positive: Double, background: Double, threads: Int?) {
    (self.positive, self.background) = (positive, background)
    let executor = Executor(threads: threads)
    let samples = evaluation.samples
    let images = executor.results(samples.count) {
      ImageMistakes(samples[$0], image: $0, positive: positive, background: background)
    }
    let precision = MistakePrecision(images, classes: evaluation.classes.count, executor)
    let base = precision.mean(.asItIs)
    averagePrecision = base
    mistakes = images.flatMap { $0.items.map(\.mistake) }
    func cost(_ change: MistakePrecision.Change) -> Double { (precision.mean(change) ?? 0) - (base ?? 0) }
    costs = Dictionary(
      uniqueKeysWithValues: DetectionMistake.Kind.allCases.map { ($0, max(cost(.corrected($0)), 0)) })
    (falseAlarmCost, missCost) = (cost(.falseAlarmsLast), cost(.withoutMisses))
  }
}

extension DetectionEvaluation {
  /// The mistakes by kind, and what each kind costs.
  ///
  /// - Parameters:
  ///   - positive: the IoU from which on a detection shows an object, above `background` and at most 1.
  ///   - background: the IoU up to which it shows nothing, at least 0.
  ///   - threads: one per core by default.
  /// - Throws: `DetectionEvaluationError` with kind `invalidArgument`.
  public func mistakes(
    positive: Double = 0.5, background: Double = 0.1, threads: Int? = nil
  ) throws(DetectionEvaluationError) -> DetectionMistakes {
    guard background >= 0, positive > background, positive <= 1 else {
      throw DetectionEvaluationError(
        .invalidArgument,
        "no IoU of \(positive) for objects and \(background) for background can be asked for",
        remedy: "0 ≤ background < positive ≤ 1")
    }
    return DetectionMistakes(self, positive: positive, background: background, threads: threads)
  }
}
