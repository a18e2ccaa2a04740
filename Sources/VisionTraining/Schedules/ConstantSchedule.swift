/// Always the same rate, after the warm-up.
public struct ConstantSchedule: Schedule, Hashable {
  /// Above 0.
  public var rate: Double
  public var warmUp: WarmUp

  public init(_ rate: Double, warmUp: WarmUp = .none) {
    self.rate = rate
    self.warmUp = warmUp
  }

  public func rate(step: Int, of steps: Int) -> Double {
    warmUp.rate(step: step, of: steps) { _, _ in rate }
  }
}
