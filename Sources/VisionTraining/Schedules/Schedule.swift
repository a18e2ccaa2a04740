/// How the learning rate changes during training.
public protocol Schedule: Sendable {
  /// The rate of one step.
  ///
  /// - Parameters:
  ///   - step: from 0 on.
  ///   - steps: the number of all steps, at least 1.
  func rate(step: Int, of steps: Int) -> Double
}

extension Schedule where Self == ConstantSchedule {
  /// Always the same rate, after the warm-up.
  public static func constant(_ rate: Double, warmUp: WarmUp = .none) -> ConstantSchedule {
    ConstantSchedule(rate, warmUp: warmUp)
  }
}

extension Schedule where Self == StepSchedule {
  /// A rate that drops by `factor` at shares of all steps.
  public static func steps(
    _ rate: Double, factor: Double = 0.1, at shares: [Double] = [0.5, 0.75], warmUp: WarmUp = .none
  ) -> StepSchedule {
    StepSchedule(rate, factor: factor, drops: .shares(shares), warmUp: warmUp)
  }
}

extension Schedule where Self == CosineSchedule {
  /// Half a cosine from `rate` down to `floor`.
  public static func cosine(_ rate: Double, floor: Double = 0, warmUp: WarmUp = .none) -> CosineSchedule {
    CosineSchedule(rate, floor: floor, warmUp: warmUp)
  }
}

extension Schedule where Self == OneCycleSchedule {
  /// Up to `rate`, and then down to a much smaller rate.
  public static func oneCycle(_ rate: Double) -> OneCycleSchedule { OneCycleSchedule(rate) }
}
