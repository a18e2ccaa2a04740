#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Times things by repetition.
enum Stopwatch {
  /// Seconds of a clock that only goes forwards.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds of one call: the median of rounds, each as many calls as fill its time. Two calls come before.
  static func seconds(_ options: SharedOptions, _ body: () throws -> Void) rethrows -> Double {
    try body()
    let start = now
    try body()
    let count = max(1, Int(options.seconds / max(now - start, 1e-9)))
    var times: [Double] = []
    for _ in 0..<options.rounds {
      let start = now
      for _ in 0..<count { try body() }
      times.append((now - start) / Double(count))
    }
    return median(times)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
