import VisionSystem

/// floor + (rate − floor) · (1 + cos(π · t)) / 2, t going from 0 to 1 over the steps after the warm-up.
///
/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, equation 5, without
/// restarts.
public struct CosineSchedule: Schedule, Hashable {
  /// The first rate after the warm-up, above 0.
  public var rate: Double
  /// The rate that the cosine falls to, at least 0.
  public var floor: Double
  public var warmUp: WarmUp

  public init(_ rate: Double, floor: Double = 0, warmUp: WarmUp = .none) {
    self.rate = rate
    self.floor = floor
    self.warmUp = warmUp
  }

  public func rate(step: Int, of steps: Int) -> Double {
    warmUp.rate(step: step, of: steps) { step, steps in
      floor + (rate - floor) * (1 + cos(Double.pi * Double(step) / Double(steps))) / 2
    }
  }
}
