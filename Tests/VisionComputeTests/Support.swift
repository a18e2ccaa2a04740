import CVisionKernels
import VisionCompute

/// A small deterministic generator, so that failures repeat.
struct Numbers {
  private var state: UInt64

  init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() >> 33) % range.count
  }

  /// Uniform in [−1, 1).
  mutating func float() -> Float { Float(Int64(bitPattern: next()) >> 40) / 8_388_608 }

  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
}

/// The kernels and threads of a test.
func executor(_ set: InstructionSet, threads: Int = 2) -> Executor {
  Executor(threads: threads, instructionSet: set)
}

/// The largest |a − b| / (1 + |b|); infinite when a NaN or an infinity is in one only.
func distance(_ a: [Float], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  var worst = 0.0
  for (x, y) in zip(a, b) {
    if x.isNaN && y.isNaN || Double(x) == y { continue }
    let d = abs(Double(x) - y) / (1 + abs(y))
    guard d.isFinite else { return .infinity }
    worst = max(worst, d)
  }
  return worst
}

/// How many units in the last place of the correctly rounded result lie between.
func ulps(_ x: Float, _ exact: Double) -> Double {
  let rounded = Float(exact)
  if x.isNaN && exact.isNaN || x == rounded { return 0 }
  guard x.isFinite, rounded.isFinite else {
    // One side rounded over the edge of the range.
    let other = x.isFinite ? x : rounded
    return other.magnitude >= Float.greatestFiniteMagnitude.nextDown.nextDown ? 1 : .infinity
  }
  return abs(Double(x) - exact) / Double(rounded.ulp)
}
