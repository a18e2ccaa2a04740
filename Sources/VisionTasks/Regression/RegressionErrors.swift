public import VisionTraining

/// The errors of predicted numbers, over all columns together, in the units of the table.
public struct RegressionErrors: TaskEvaluator {
  private var squares = 0.0
  private var distances = 0.0
  private var count = 0

  public init() {}

  public mutating func add(_ prediction: [Double], _ truth: Numbers) {
    for (predicted, value) in zip(prediction, truth.values) {
      squares += (predicted - value) * (predicted - value)
      distances += (predicted - value).magnitude
      count += 1
    }
  }

  public mutating func merge(_ other: RegressionErrors) {
    squares += other.squares
    distances += other.distances
    count += other.count
  }

  /// The root mean squared error and the mean absolute error; NaN where nothing was counted.
  public var scores: [Score] {
    [
      Score(name: "rmse", value: (squares / Double(count)).squareRoot(), prefersLarger: false),
      Score(name: "mae", value: distances / Double(count), prefersLarger: false),
    ]
  }
}
