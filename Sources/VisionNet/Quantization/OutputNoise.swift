import VisionSystem

/// How much a network's outputs have changed, summed over images.
struct OutputNoise: Sendable {
  /// For each output the sum of squares, and that of the squared changes.
  private var sums: [(signal: Double, noise: Double)] = []

  init() {}

  /// - Parameters:
  ///   - before: the numbers of each output.
  ///   - after: as many of the changed network.
  init(_ before: [[Float]], _ after: [[Float]]) {
    sums = zip(before, after).map { before, after in
      var (signal, noise) = (0.0, 0.0)
      for (x, y) in zip(before, after) {
        signal += Double(x) * Double(x)
        noise += (Double(y) - Double(x)) * (Double(y) - Double(x))
      }
      return (signal, noise)
    }
  }

  mutating func add(_ other: OutputNoise) {
    guard !sums.isEmpty else { return self = other }
    for (index, sum) in other.sums.enumerated() where index < sums.count {
      sums[index].signal += sum.signal
      sums[index].noise += sum.noise
    }
  }

  /// The ratio of signal to noise in decibels, the mean over the outputs.
  var decibels: Double {
    guard !sums.isEmpty else { return -.infinity }
    return sums.reduce(0.0) { $0 + Self.decibels($1.signal, $1.noise) } / Double(sums.count)
  }

  /// Bitwise equal numbers count as the largest ratio that float32 can resolve.
  private static func decibels(_ signal: Double, _ noise: Double) -> Double {
    guard noise != 0 else { return 150 }
    return signal == 0 ? 0 : 10 * log10(signal / noise)
  }
}
