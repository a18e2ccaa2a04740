import VisionSystem
import VisionTensor

/// The first steps, in which the rate rises linearly to the first rate of the schedule.
///
/// Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2.
public struct WarmUp: Sendable, Hashable {
  /// How long it lasts.
  public enum Length: Sendable, Hashable {
    case steps(Int)
    /// A share of all steps, in 0..<1.
    case share(Double)
  }

  public var length: Length
  /// The part of the full rate that step 0 has, 0...1; nil makes all steps of the rise equal.
  public var start: Double?

  public init(_ length: Length, start: Double? = nil) {
    self.length = length
    self.start = start
  }

  public static let none = WarmUp(.steps(0))
  public static func steps(_ count: Int) -> WarmUp { WarmUp(.steps(count)) }
  public static func share(_ share: Double) -> WarmUp { WarmUp(.share(share)) }

  /// The number of warm-up steps, less than `steps`.
  func count(of steps: Int) -> Int {
    let wanted =
      switch length {
      case .steps(let count): count
      case .share(let share): Int(saturating: (Double(steps) * share).rounded())
      }
    return min(max(wanted, 0), steps - 1)
  }

  /// The rate of `step`: during the warm-up, a part of the rate of the schedule's step 0; afterwards, the
  /// rate of the schedule, whose steps are counted from the end of the warm-up.
  func rate(step: Int, of steps: Int, then schedule: (_ step: Int, _ steps: Int) -> Double) -> Double {
    let count = count(of: steps)
    guard step < count else { return schedule(step - count, steps - count) }
    let start = start ?? 1 / Double(count + 1)
    return schedule(0, steps - count) * (start + (1 - start) * Double(step) / Double(count))
  }
}
