/// A rate that is multiplied by a factor at certain steps.
public struct StepSchedule: Schedule, Hashable {
  /// When it drops, counted from the end of the warm-up.
  public enum Drops: Sendable, Hashable {
    /// Every so many steps, at least 1.
    case every(Int)
    /// At these shares of the steps, each in 0...1.
    case shares([Double])
  }

  /// The rate before the first drop, above 0.
  public var rate: Double
  /// The factor that each drop multiplies the rate by, usually in 0..<1.
  public var factor: Double
  public var drops: Drops
  public var warmUp: WarmUp

  public init(_ rate: Double, factor: Double = 0.1, drops: Drops, warmUp: WarmUp = .none) {
    (self.rate, self.factor, self.drops, self.warmUp) = (rate, factor, drops, warmUp)
  }

  public func rate(step: Int, of steps: Int) -> Double {
    warmUp.rate(step: step, of: steps) { step, steps in
      let count =
        switch drops {
        case .every(let length): step / max(length, 1)
        case .shares(let shares): shares.count { Double(step) >= ($0 * Double(steps)).rounded() }
        }
      return (0..<count).reduce(rate) { result, _ in result * factor }
    }
  }
}
