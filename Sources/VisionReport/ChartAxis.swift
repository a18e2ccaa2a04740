import VisionSystem
import VisionTensor

/// One axis of a chart: where numbers stand on it, and which of them are written.
public struct ChartAxis: Sendable, Hashable {
  /// How numbers are spread.
  public enum Scale: Sendable, Hashable { case linear, logarithmic }

  /// What the axis shows, such as `loss`.
  public var title: String
  public var scale: Scale
  /// Whether only whole numbers are marked, as for epochs.
  public var isWhole: Bool
  /// Whether numbers are parts of 1 and written in per cent.
  public var isPercent: Bool
  /// The numbers at the ends; nil takes them from the data.
  public var range: ClosedRange<Double>?

  public init(
    _ title: String, scale: Scale = .linear, isWhole: Bool = false, isPercent: Bool = false,
    range: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.scale = scale
    self.isWhole = isWhole
    self.isPercent = isPercent
    self.range = range
  }

  /// Whether the axis has a place for the number. Far beyond anything that is measured, the distance of two numbers or
  /// their ratio would be infinite.
  func holds(_ number: Double) -> Bool {
    abs(number) <= 1e100 && (scale == .linear || number >= 1e-100)
  }

  /// The ends for some numbers, which the axis holds: a little wider than needed where `margin` asks for it.
  func ends(for numbers: [Double], margin: Double) -> ClosedRange<Double> {
    if let range { return range }
    guard let low = numbers.min(), let high = numbers.max() else {
      return scale == .linear ? 0...1 : 0.1...1
    }
    if scale == .logarithmic {
      guard low < high else { return low / 2...high * 2 }
      let factor = pow(high / low, margin)
      return max(low / factor, .leastNormalMagnitude)...min(high * factor, .greatestFiniteMagnitude)
    }
    guard low < high else {
      let half = low == 0 ? 0.5 : abs(low) * 0.1
      return low - half...high + half
    }
    let extra = (high - low) * margin
    // Losses and rates do not go below zero, so neither does their axis.
    return (low >= 0 ? max(0, low - extra) : low - extra)...high + extra
  }

  /// Where the number stands between the ends: 0 at the lower, 1 at the upper one.
  func position(_ number: Double, in ends: ClosedRange<Double>) -> Double {
    let (low, high) = (ends.lowerBound, ends.upperBound)
    if scale == .logarithmic { return log(number / low) / log(high / low) }
    return (number - low) / (high - low)
  }

  /// The numbers to mark between the ends, about `count` of them, ascending.
  func ticks(in ends: ClosedRange<Double>, count: Int) -> [Double] {
    scale == .linear ? linearTicks(ends, count) : logarithmicTicks(ends, count)
  }

  /// The number as it is written beside its mark.
  func text(_ number: Double) -> String {
    if isPercent { return Numeral.significant(number * 100, 4) + "\u{a0}%" }
    return Numeral.significant(number, 4)
  }

  /// Multiples of 1, 2 or 5 times a power of ten.
  private func linearTicks(_ ends: ClosedRange<Double>, _ count: Int) -> [Double] {
    let rough = (ends.upperBound - ends.lowerBound) / Double(max(count, 1))
    guard rough > 0, rough.isFinite else { return [] }
    let power = pow(10, floor(log10(rough)))
    var step = ([1.0, 2, 5].first { $0 * power >= rough * 0.7 } ?? 10) * power
    if isWhole { step = max(1, step) }
    let first = (ends.lowerBound / step - 1e-9).rounded(.up)
    let last = (ends.upperBound / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    return (0...Int(saturating: last - first)).map { (first + Double($0)) * step }
  }

  /// Powers of ten, thinned out when they are many; with 2 and 5 times them when they are few.
  private func logarithmicTicks(_ ends: ClosedRange<Double>, _ count: Int) -> [Double] {
    guard ends.lowerBound > 0, ends.upperBound.isFinite else { return [] }
    let first = Int(saturating: floor(log10(ends.lowerBound)))
    let last = Int(saturating: ceil(log10(ends.upperBound)))
    let decades = log10(ends.upperBound / ends.lowerBound)
    let step = max(1, Int(saturating: (decades / Double(max(count, 1) + 1)).rounded(.up)))
    let factors: [Double] = decades * 3 <= Double(count) + 1 ? [1, 2, 5] : [1]
    var result: [Double] = []
    for exponent in first...max(first, last) where exponent % step == 0 {
      for factor in factors {
        // Division keeps 1e-3 the number that is written so.
        let number = exponent < 0 ? factor / pow(10, Double(-exponent)) : factor * pow(10, Double(exponent))
        if ends.contains(number) { result.append(number) }
      }
    }
    return result.count > 1 ? result : [ends.lowerBound, ends.upperBound]
  }
}
