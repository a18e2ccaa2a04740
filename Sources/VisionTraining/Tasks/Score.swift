/// A measure of the quality of predictions.
public struct Score: Sendable, Hashable {
  /// The name in logs and tables, such as `rmse`.
  public var name: String
  public var value: Double
  /// Whether larger values are better.
  public var prefersLarger: Bool

  public init(name: String, value: Double, prefersLarger: Bool = true) {
    (self.name, self.value, self.prefersLarger) = (name, value, prefersLarger)
  }
}
