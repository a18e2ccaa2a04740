/// The error of values: the mean of |p − t|, or the root of the mean of (p − t)².
public struct ErrorMetric: Metric {
  public enum Kind: String, Sendable, Hashable {
    case meanAbsolute = "mae"
    case rootMeanSquare = "rmse"
  }

  public let kind: Kind
  private var sum = 0.0
  private var count = 0

  public init(_ kind: Kind) { self.kind = kind }

  public var name: String { kind.rawValue }
  public var prefersLarger: Bool { false }

  public mutating func add(_ batch: Predictions) {
    for (p, t) in zip(batch.values, batch.targets) {
      let distance = Double(p) - Double(t)
      sum += kind == .meanAbsolute ? distance.magnitude : distance * distance
      count += 1
    }
  }

  public var value: Double {
    let mean = count > 0 ? sum / Double(count) : 0
    return kind == .meanAbsolute ? mean : mean.squareRoot()
  }
}
