import VisionSystem
import VisionTensor

/// How GridSample reads x between its elements.
public struct GridSampling: Sendable, Hashable {
  /// The interpolation; `cubic` is Keys' with a = −0.75.
  public enum Mode: String, Sendable { case nearest, linear, cubic }

  /// What stands outside of x.
  public enum Padding: String, Sendable {
    case zeros
    /// The nearest element.
    case border
    /// x mirrored: at the centers of the elements at its ends if corners are aligned, else at their edges.
    case reflection
  }

  public var mode: Mode
  public var padding: Padding
  /// Whether −1 and 1 are the centers of the first and the last element, not their outer edges.
  public var alignsCorners: Bool

  public init(mode: Mode = .linear, padding: Padding = .zeros, alignsCorners: Bool = false) {
    self.mode = mode
    self.padding = padding
    self.alignsCorners = alignsCorners
  }

  /// An element of x that contributes to a sample along one axis.
  package struct Tap {
    /// Its position; nil where zeros stand.
    package var index: Int?
    package var weight: Double
    /// The derivative of the weight with respect to the number in the grid.
    package var slope: Double
  }

  /// The elements along an axis that `number` of the grid reads, with their weights.
  package func taps(_ number: Double, extent: Int, isDouble: Bool) -> [Tap] {
    // In single precision, like other runtimes, where rounding to another element would change the result.
    let at = mode == .nearest && !isDouble ? Double(place(Float(number), extent)) : place(number, extent)
    var direction = Double(alignsCorners ? extent - 1 : extent) / 2
    // NaN is outside, and so is what no integer can hold.
    var position = at.isNaN ? -2 : min(max(at, -0x1p40), 0x1p40)
    if mode == .nearest { position = position.rounded(.toNearestOrEven) }
    let (low, high) = alignsCorners ? (0, Double(extent - 1)) : (-0.5, Double(extent) - 0.5)
    if position < low || position > high {
      switch padding {
      case .zeros: break
      case .border:
        // Each element of the cubic interpolation is moved to the border by itself.
        if mode == .cubic { break }
        position = min(max(position, 0), Double(extent - 1))
        direction = 0
      case .reflection:
        let (mirrored, isTurned) = Self.mirrored(position, low, high)
        position = mirrored
        if isTurned { direction = -direction }
      }
    }
    let first = position.rounded(.down)
    let t = position - first
    let (start, weights, slopes): (Double, [Double], [Double]) =
      switch mode {
      case .nearest: (first, [1], [0])
      case .linear: (first, [1 - t, t], [-1, 1])
      case .cubic: (first - 1, Self.cubic(t), Self.cubicSlopes(t))
      }
    return weights.indices.map { index in
      Tap(
        index: element(start + Double(index), low, high, extent), weight: weights[index],
        slope: slopes[index] * direction)
    }
  }

  /// The position along an axis of a number of the grid.
  private func place<Number: BinaryFloatingPoint>(_ number: Number, _ extent: Int) -> Number {
    alignsCorners
      ? (number + 1) / 2 * Number(extent - 1) : ((number + 1) * Number(extent) - 1) / 2
  }

  /// The element at a whole position; nil where zeros stand.
  private func element(_ position: Double, _ low: Double, _ high: Double, _ extent: Int) -> Int? {
    if position >= 0, position < Double(extent) { return Int(saturating: position) }
    switch padding {
    case .zeros: return nil
    case .border: return position < 0 ? 0 : extent - 1
    case .reflection:
      return min(max(Int(saturating: Self.mirrored(position, low, high).position), 0), extent - 1)
    }
  }

  /// A position outside of low…high mirrored at both until it is inside, and whether that turned the direction.
  private static func mirrored(_ position: Double, _ low: Double, _ high: Double) -> (
    position: Double, isTurned: Bool
  ) {
    let range = high - low
    if range <= 0 || position >= low && position <= high { return (max(low, 0), false) }
    let isBelow = position < low
    let distance = isBelow ? low - position : position - high
    let turns = (distance / range).rounded(.down)
    let rest = distance - turns * range
    let isEven = turns.truncatingRemainder(dividingBy: 2) == 0
    return (isBelow == isEven ? low + rest : high - rest, isEven)
  }

  private static let a = -0.75

  private static func cubic(_ t: Double) -> [Double] {
    func near(_ d: Double) -> Double { ((a + 2) * d - (a + 3)) * d * d + 1 }
    func far(_ d: Double) -> Double { ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
  }

  private static func cubicSlopes(_ t: Double) -> [Double] {
    func near(_ d: Double) -> Double { (3 * (a + 2) * d - 2 * (a + 3)) * d }
    func far(_ d: Double) -> Double { (3 * a * d - 10 * a) * d + 8 * a }
    return [far(t + 1), near(t), -near(1 - t), -far(2 - t)]
  }
}
