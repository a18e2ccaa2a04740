import VisionSystem
import VisionTensor

/// A histogram of an activation's values, from the smallest to the largest.
struct ActivationHistogram: Sendable {
  static let binCount = 2048

  /// The smallest and the largest value.
  let range: ClosedRange<Float>
  private var bins = [Int](repeating: 0, count: binCount)
  private var zeros = 0
  private let factor: Float

  init(_ range: ClosedRange<Float>) {
    self.range = range
    let width = range.upperBound - range.lowerBound
    factor = width > 0 && (Float(Self.binCount) / width).isFinite ? Float(Self.binCount) / width : 0
  }

  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    let (low, factor, last) = (range.lowerBound, factor, Float(Self.binCount - 1))
    var zeros = 0
    bins.withUnsafeMutableBufferPointer { bins in
      for value in values {
        if value == 0 {
          zeros += 1
          continue
        }
        // Only NaN is outside of the range.
        guard value >= low else { continue }
        bins[Int(saturating: min((value - low) * factor, last))] += 1
      }
    }
    self.zeros += zeros
  }

  private var count: Int { bins.reduce(zeros, +) }

  private func center(_ bin: Int) -> Double {
    Double(range.lowerBound) + (Double(bin) + 0.5) / Double(Self.binCount)
      * Double(range.upperBound - range.lowerBound)
  }

  /// The range without the given fraction of the values, those furthest from 0.
  func range(without part: Double) -> ClosedRange<Float> {
    let order = bins.indices.sorted { (abs(center($0)), $0) > (abs(center($1)), $1) }
    var left = Int(saturating: part * Double(count))
    for bin in order {
      left -= bins[bin]
      if left < 0 { return cut(at: Float(abs(center(bin)))) }
    }
    return range
  }

  /// The range for which quantization to 8 bits has the smallest mean squared error.
  var rangeOfLeastError: ClosedRange<Float> {
    let width = max(abs(range.lowerBound), abs(range.upperBound))
    var best = (error: Double.infinity, range: range)
    for step in 0..<45 {
      let candidate = cut(at: width * (1 - 0.02 * Float(step)))
      let (low, high) = (Double(min(candidate.lowerBound, 0)), Double(max(candidate.upperBound, 0)))
      let rounding = (high - low) * (high - low) / (255 * 255 * 12)
      var error = 0.0
      for bin in bins.indices where bins[bin] > 0 {
        let value = center(bin)
        let outside = value < low ? low - value : value > high ? value - high : 0
        error += Double(bins[bin]) * (outside > 0 ? outside * outside : rounding)
      }
      if error < best.error { best = (error, candidate) }
    }
    return best.range
  }

  private func cut(at bound: Float) -> ClosedRange<Float> {
    min(max(range.lowerBound, -bound), bound)...max(min(range.upperBound, bound), -bound)
  }
}
