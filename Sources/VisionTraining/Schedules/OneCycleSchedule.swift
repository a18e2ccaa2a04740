import VisionSystem

/// From `rate / startDivisor` up to `rate`, then down to the first rate divided by `endDivisor`, both along
/// half a cosine.
///
/// The numbers are those of PyTorch's `OneCycleLR`; the warm-up is part of it. Smith and Topin,
/// "Super-Convergence", 2018.
public struct OneCycleSchedule: Schedule, Hashable {
  /// The largest rate, above 0.
  public var rate: Double
  /// The share of the steps on the way up, in 0...1.
  public var rise: Double
  /// The largest rate divided by the first rate.
  public var startDivisor: Double
  /// The first rate divided by the last rate.
  public var endDivisor: Double

  public init(_ rate: Double, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4) {
    (self.rate, self.rise) = (rate, rise)
    (self.startDivisor, self.endDivisor) = (startDivisor, endDivisor)
  }

  public func rate(step: Int, of steps: Int) -> Double {
    let (start, top) = (rate / startDivisor, max(rise * Double(steps) - 1, 0))
    let (step, end) = (Double(step), Double(steps - 1))
    if step <= top, top > 0 { return Self.cosine(from: start, to: rate, at: step / top) }
    return Self.cosine(from: rate, to: start / endDivisor, at: end > top ? (step - top) / (end - top) : 1)
  }

  private static func cosine(from a: Double, to b: Double, at share: Double) -> Double {
    b + (a - b) / 2 * (1 + cos(Double.pi * share))
  }
}
