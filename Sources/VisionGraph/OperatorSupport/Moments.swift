import VisionSystem

extension Reference {
  /// The mean and the biased variance of the values.
  package static func moments(_ values: some Collection<Double>) -> (mean: Double, variance: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
  }

  /// (x − mean) / √(variance + ε) within each of the `runs` equal parts of `values`.
  package static func normalized(_ values: [Double], runs: Int, epsilon: Float) -> [Double] {
    var result = values
    let length = runs == 0 ? 0 : values.count / runs
    for run in 0..<runs {
      let range = (run * length)..<((run + 1) * length)
      let (mean, variance) = moments(values[range])
      let root = (variance + Double(epsilon)).squareRoot()
      for index in range { result[index] = (values[index] - mean) / root }
    }
    return result
  }
}

extension Reference {
  /// (Σ |x|ᵖ)^(1/p).
  package static func norm(_ elements: some Collection<Double>, _ p: Int) -> Double {
    switch p {
    case 1: elements.reduce(0) { $0 + $1.magnitude }
    case 2: elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    default: Libm.pow(elements.reduce(0) { $0 + Libm.pow($1.magnitude, Double(p)) }, 1 / Double(p))
    }
  }

  /// The derivatives of `norm`: sign x · (|x| / norm)^(p − 1), and 0 where the norm is 0.
  package static func normDerivatives(_ elements: [Double], _ p: Int) -> [Double] {
    let norm = norm(elements, p)
    return elements.map { x in
      if norm == 0 || x == 0 { return 0 }
      let power = Libm.pow(x.magnitude / norm, Double(p - 1))
      return x < 0 ? -power : power
    }
  }

  /// 1 at the first of the largest elements, 0 elsewhere; NaN counts as the largest.
  package static func firstLargest(_ elements: [Double]) -> [Double] {
    var best = 0
    for index in elements.indices where !elements[best].isNaN {
      if elements[index].isNaN || elements[index] > elements[best] { best = index }
    }
    return elements.indices.map { $0 == best ? 1 : 0 }
  }
}
