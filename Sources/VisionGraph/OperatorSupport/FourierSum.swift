import VisionSystem

/// The sums of a discrete Fourier transform of one length, by their definition, in `Double`.
struct FourierSum {
  /// e^(−2πi·k/N) for k < N, or its conjugate for the inverse: cosines and sines.
  private let cosines: [Double]
  private let sines: [Double]

  /// - Parameter lines: the number of signals. For none, which may be of any length, no tables are made.
  init(length: Int, isInverse: Bool, lines: Int) {
    let angles = (0..<(lines == 0 ? 0 : length)).map { 2 * Double.pi * Double($0) / Double(length) }
    cosines = angles.map(Libm.cos)
    sines = angles.map { isInverse ? Libm.sin($0) : -Libm.sin($0) }
  }

  /// Σₙ xₙ · e^(−2πi·kn/N) for each k of `frequencies`; samples behind the length do not count, missing ones are 0.
  func callAsFunction(_ real: [Double], _ imaginary: [Double], _ frequencies: Range<Int>) -> (
    real: [Double], imaginary: [Double]
  ) {
    let length = cosines.count
    var sums = (real: [Double](), imaginary: [Double]())
    for k in frequencies {
      var (a, b) = (0.0, 0.0)
      var phase = 0
      for n in 0..<min(length, real.count) {
        a += real[n] * cosines[phase] - imaginary[n] * sines[phase]
        b += real[n] * sines[phase] + imaginary[n] * cosines[phase]
        phase = (phase + k) % length
      }
      sums.real.append(a)
      sums.imaginary.append(b)
    }
    return sums
  }
}
