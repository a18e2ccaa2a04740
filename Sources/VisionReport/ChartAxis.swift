import VisionSystem
import VisionTensor

/// One axis of a chart: the positions of numbers on it, and the ticks.
public struct ChartAxis: Sendable, Hashable {
  /// How numbers are spread.
  public enum Scale: Sendable, Hashable { case linear, logarithmic }

  /// What the axis shows, such as `loss`.
  public var title: String
  public var scale: Scale
  /// Whether only integers are marked, as for epochs.
  public var isWhole: Bool
  /// Whether numbers are fractions of 1 that are written as percentages.
  public var isPercent: Bool
  /// The ends of the axis; nil takes them from the data.
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

  /// Whether the axis can show the number. Numbers far beyond all measurements are excluded because the
  /// difference or ratio of two of them could be infinite.
  func holds(_ number: Double) -> Bool {
    abs(number) <= 1e100 && (scale == .linear || number >= 1e-100)
  }

  /// The ends of the axis for some numbers that it can show, widened by the fraction `margin`.
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
    // Losses and rates are not negative, so their axis does not extend below zero.
    return (low >= 0 ? max(0, low - extra) : low - extra)...high + extra
  }

  /// The position of a number between the ends: 0 at the lower end, 1 at the upper end.
  func position(_ number: Double, in ends: ClosedRange<Double>) -> Double {
    let (low, high) = (ends.lowerBound, ends.upperBound)
    if scale == .logarithmic { return log(number / low) / log(high / low) }
    return (number - low) / (high - low)
  }

  /// The numbers to mark between the ends, about `count`, ascending.
  func ticks(in ends: ClosedRange<Double>, count: Int) -> [Double] {
    scale == .linear ? linearTicks(ends, count) : logarithmicTicks(ends, count)
  }

  /// The label of a number.
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

  /// Powers of ten, of which some are omitted if there are many; also 2 and 5 times them if there are few.
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
        // Division gives exactly the number written as 1e-3.
        let number = exponent < 0 ? factor / pow(10, Double(-exponent)) : factor * pow(10, Double(exponent))
        if ends.contains(number) { result.append(number) }
      }
    }
    return result.count > 1 ? result : [ends.lowerBound, ends.upperBound]
  }
}
