public import VisionSystem

/// Finds the rate at which a network learns best: trains for some steps with an exponentially growing rate,
/// and takes the rate at which the loss falls fastest.
///
/// Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3.
public struct RateFinder: Sendable, Hashable {
  /// One step.
  public struct Point: Sendable, Hashable {
    public let rate: Double
    /// The loss of the batch.
    public let loss: Double
    /// The exponential moving average of the losses so far, corrected for its start at zero.
    public let smoothed: Double
  }

  /// The result of the search.
  public struct Result: Sendable, Hashable {
    /// The steps, in the order of the rates; they end early where the loss grew too large.
    public let points: [Point]
    /// The rate at which the loss falls fastest; nil when it does not fall.
    public let suggestion: Double?
  }

  /// The first rate, above 0.
  public var first: Double
  /// The last rate, above the first.
  public var last: Double
  /// At least 2.
  public var steps: Int
  /// The decay of the smoothed loss per step, in 0..<1.
  public var smoothing: Double
  /// The search ends when the smoothed loss is more than this many times its smallest value.
  public var limit: Double

  public init(
    first: Double = 1e-7, last: Double = 10, steps: Int = 100, smoothing: Double = 0.9, limit: Double = 4
  ) {
    (self.first, self.last, self.steps) = (first, last, max(steps, 2))
    (self.smoothing, self.limit) = (smoothing, limit)
  }

  /// The rates of the steps, in geometric progression.
  var rates: [Double] {
    (0..<steps).map { first * pow(last / first, Double($0) / Double(steps - 1)) }
  }

  /// The rate with the steepest fall of the smoothed loss over the logarithm of the rate, before its minimum.
  ///
  /// The first points are left out, of whose few losses the mean is noise, and points that are some steps apart are compared.
  static func suggestion(_ points: [Point], steps: Int = 0) -> Double? {
    let start = min(10, steps / 8), span = max(1, min(5, steps / 16))
    guard let lowest = points.indices.min(by: { points[$0].smoothed < points[$1].smoothed }),
      lowest >= start + 2 * span
    else { return nil }
    // The logarithms of the rates are evenly spaced, so differences of losses can be compared.
    let falls = (start + span...lowest - span).map { index in
      (index: index, fall: points[index - span].smoothed - points[index + span].smoothed)
    }
    guard let steepest = falls.max(by: { ($0.fall, -$0.index) < ($1.fall, -$1.index) }), steepest.fall > 0
    else { return nil }
    return points[steepest.index].rate
  }
}

extension Trainer {
  /// Searches for a rate, and leaves the weights and all other state as they were.
  ///
  /// - Parameter report: called after each step, on the calling thread.
  /// - Throws: `TrainingError` as training does; a loss that is not finite only ends the search.
  public func findRate(
    _ finder: RateFinder = RateFinder(), isCancelled: () -> Bool = { false },
    report: (RateFinder.Point) -> Void = { _ in }
  ) throws(TrainingError) -> RateFinder.Result {
    var points: [RateFinder.Point] = []
    var (sum, share, lowest) = (0.0, 1.0, Double.infinity)
    try tryRates(finder.rates, isCancelled: isCancelled) { rate, loss in
      sum = finder.smoothing * sum + (1 - finder.smoothing) * loss
      share *= finder.smoothing
      let point = RateFinder.Point(rate: rate, loss: loss, smoothed: sum / (1 - share))
      points.append(point)
      report(point)
      lowest = min(lowest, point.smoothed)
      return point.smoothed <= finder.limit * lowest
    }
    return RateFinder.Result(points: points, suggestion: RateFinder.suggestion(points, steps: finder.steps))
  }
}
