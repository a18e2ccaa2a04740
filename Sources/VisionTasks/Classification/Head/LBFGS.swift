/// Finds the minimum of a smooth convex function of many variables.
///
/// Limited-memory BFGS with backtracking. Nocedal and Wright, "Numerical Optimization", 2nd edition,
/// algorithms 7.4 and 3.1.
public struct LBFGS: Sendable {
  /// How many steps are remembered.
  public var memory = 10
  /// The most steps of a search.
  public var maximumSteps = 300
  /// The search ends when no component of the gradient is larger.
  public var gradientTolerance = 3e-5
  /// The search ends when a step improves the value by no more than this part of it.
  public var valueTolerance = 1e-7

  public init() {}

  /// What the search found.
  public struct Result: Sendable {
    public var point: [Double]
    /// NaN where the function or its gradient was not finite at `start`.
    public var value: Double
    public var steps: Int
  }

  private struct Correction {
    let step: [Double]
    let change: [Double]
    let curvature: Double
  }

  /// Minimizes `function`, which writes the gradient at a point and returns the value, starting from `start`.
  ///
  /// - Parameter isCancelled: asked before each step; true ends the search where it is.
  public func minimize(
    from start: [Double], isCancelled: () -> Bool = { false },
    _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    var point = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = function(point, &gradient)
    var corrections: [Correction] = []
    var (trial, trialGradient) = (point, gradient)
    for step in 0..<maximumSteps {
      // Checked first, because the maximum of numbers with a NaN among them is arbitrary.
      guard value.isFinite, gradient.allSatisfy(\.isFinite) else {
        return Result(point: point, value: .nan, steps: step)
      }
      if isCancelled() { return Result(point: point, value: value, steps: step) }
      let largest = gradient.reduce(0) { max($0, $1.magnitude) }
      if largest <= gradientTolerance { return Result(point: point, value: value, steps: step) }
      var direction = descent(gradient, corrections)
      var slope = Self.dot(direction, gradient)
      if slope >= 0 {
        corrections = []
        direction = gradient.map { -$0 }
        slope = -Self.dot(gradient, gradient)
      }
      var length = corrections.isEmpty ? min(1, 1 / largest) : 1
      var trialValue = Double.infinity
      var isFound = false
      for _ in 0..<30 {
        for index in point.indices { trial[index] = point[index] + length * direction[index] }
        trialValue = function(trial, &trialGradient)
        // The last term allows for the rounding of values in single precision.
        if trialValue <= value + 1e-4 * length * slope + 1e-9 * value.magnitude,
          trialGradient.allSatisfy(\.isFinite)
        {
          isFound = true
          break
        }
        // The minimum of the parabola through both values and the slope, kept inside the interval.
        let guess = -slope * length * length / (2 * (trialValue - value - slope * length))
        length = guess.isFinite ? min(max(guess, 0.1 * length), 0.5 * length) : 0.1 * length
      }
      guard isFound else { return Result(point: point, value: value, steps: step) }
      let moved = zip(trial, point).map { $0 - $1 }
      let changed = zip(trialGradient, gradient).map { $0 - $1 }
      let curvature = Self.dot(moved, changed)
      if curvature > 1e-12 * Self.dot(changed, changed) {
        corrections.append(Correction(step: moved, change: changed, curvature: curvature))
        if corrections.count > memory { corrections.removeFirst() }
      }
      let gain = value - trialValue
      swap(&point, &trial)
      swap(&gradient, &trialGradient)
      value = trialValue
      if gain <= valueTolerance * max(value.magnitude, 1e-3) {
        return Result(point: point, value: value, steps: step + 1)
      }
    }
    return Result(point: point, value: value, steps: maximumSteps)
  }

  /// −H · gradient by the two-loop recursion.
  private func descent(_ gradient: [Double], _ corrections: [Correction]) -> [Double] {
    var result = gradient.map { -$0 }
    var factors: [Double] = []
    for correction in corrections.reversed() {
      let factor = Self.dot(correction.step, result) / correction.curvature
      factors.append(factor)
      Self.add(-factor, correction.change, to: &result)
    }
    if let last = corrections.last {
      let scale = last.curvature / Self.dot(last.change, last.change)
      for index in result.indices { result[index] *= scale }
    }
    for (correction, factor) in zip(corrections, factors.reversed()) {
      let other = Self.dot(correction.change, result) / correction.curvature
      Self.add(factor - other, correction.step, to: &result)
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    // Four independent sums, so that additions do not wait for one another; always four, for the same result.
    var sums = SIMD4<Double>()
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var index = 0
        while index + 4 <= a.count {
          let x = SIMD4<Double>(a[index], a[index + 1], a[index + 2], a[index + 3])
          let y = SIMD4<Double>(b[index], b[index + 1], b[index + 2], b[index + 3])
          sums += x * y
          index += 4
        }
        while index < a.count {
          sums[0] += a[index] * b[index]
          index += 1
        }
      }
    }
    return sums.sum()
  }

  private static func add(_ factor: Double, _ a: [Double], to b: inout [Double]) {
    for index in b.indices { b[index] += factor * a[index] }
  }
}
