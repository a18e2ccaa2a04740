/// How far COCO's numbers would vary with other images: intervals at 95 % by bootstrap over the images.
public struct DetectionIntervals: Sendable, Hashable {
  /// In the order of the measures.
  private let values: [BootstrapInterval?]
  /// Of each class's average precision over IoU 0.5 to 0.95; nil for classes without objects.
  public let perClass: [BootstrapInterval?]

  /// The interval; nil where there is no number.
  public subscript(measure: DetectionMeasure) -> BootstrapInterval? { values[measure.index] }

  init(_ matches: DetectionMatches, _ resampling: BootstrapResampling) {
    let perClass = matches.perClass
    let drawn = matches.executor.results(resampling.count) { draw -> (all: [Double?], classes: [Double?]) in
      let weights = resampling.weights(draw)
      let numbers = perClass.map { $0.numbers(weights: weights) }
      let mean = DetectionNumbers(meanOf: numbers)
      return (DetectionMeasure.allCases.map { mean[$0] }, numbers.map { $0[.averagePrecision] })
    }
    values = DetectionMeasure.allCases.indices.map { index in
      BootstrapInterval(drawn.compactMap { $0.all[index] })
    }
    self.perClass = perClass.indices.map { index in BootstrapInterval(drawn.compactMap { $0.classes[index] })
    }
  }
}

extension DetectionMatches {
  /// Intervals at 95 % of all numbers, by drawing as many images as there are, with repetition, again and again.
  ///
  /// The same seed gives the same intervals on any number of threads.
  /// - Parameters:
  ///   - draws: how often a set of images is drawn, 1...1,000,000. The time grows with it; with 500,000 detections 1,000 draws take
  ///     several seconds.
  /// - Throws: `DetectionEvaluationError` with kind `invalidArgument`.
  public func intervals(
    draws: Int = 1000, seed: UInt64 = 0
  ) throws(DetectionEvaluationError) -> DetectionIntervals {
    guard (1...1_000_000).contains(draws) else {
      throw DetectionEvaluationError(.invalidArgument, "images cannot be drawn \(draws) times")
    }
    return DetectionIntervals(self, BootstrapResampling(images: images, count: draws, seed: seed))
  }
}
