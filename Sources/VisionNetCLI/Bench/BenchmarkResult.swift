import VisionCompute
import VisionNet
import VisionSystem

/// The result of `bench`.
struct BenchmarkResult {
  let subject: BenchmarkSubject
  let batch: Int
  let threads: Int
  let instructionSet: InstructionSet
  let flops: Int
  let arenaBytes: Int
  let references: [(node: String, operator: String)]
  /// The seconds of each run, in ascending order.
  let times: [Double]
  /// FLOP/s that the same number of threads reaches with multiply-adds alone.
  let peak: Double

  var median: Double {
    let middle = times.count / 2
    return times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
  }

  /// The time within which nine in ten runs finish.
  var p90: Double { times[min(times.count - 1, (times.count * 9 + 9) / 10 - 1)] }

  /// FLOP/s of the median run.
  var rate: Double { Double(flops) / median }

  var json: JSON {
    [
      "schema": JSON.schema, "model": .string(subject.name), "seededWeights": .bool(subject.isSeeded),
      "batch": .integer(batch),
      "threads": .integer(threads), "instructionSet": .string(instructionSet.rawValue),
      "runs": .integer(times.count), "medianMilliseconds": Self.number(median * 1e3),
      "p90Milliseconds": Self.number(p90 * 1e3), "minimumMilliseconds": Self.number(times[0] * 1e3),
      "imagesPerSecond": Self.number(Double(batch) / median), "flops": .integer(flops),
      "gflops": Self.number(rate / 1e9), "peakGflops": Self.number(peak / 1e9),
      "shareOfPeak": Self.number(rate / peak), "arenaBytes": .integer(arenaBytes),
      "referenceNodes": .array(
        references.map { ["node": .string($0.node), "operator": .string($0.operator)] }),
    ]
  }

  var text: String {
    var lines = [
      "\(FilePath(subject.name).printable)\(subject.isSeeded ? " (seeded weights)" : ""), batch \(batch), "
        + "\(threads) thread\(threads == 1 ? "" : "s"), \(instructionSet.rawValue), \(times.count) runs",
      "  median    \(Self.digits(median * 1e3, 3)) ms",
      "  p90       \(Self.digits(p90 * 1e3, 3)) ms",
      "  min       \(Self.digits(times[0] * 1e3, 3)) ms",
      "  speed     \(Self.digits(rate / 1e9, 1)) GFLOP/s, \(Self.digits(Double(batch) / median, 1)) images/s",
      "  peak      \(Self.digits(peak / 1e9, 1)) GFLOP/s measured; speed is \(share)",
      "  arena     \(Self.binary(arenaBytes))",
    ]
    if !references.isEmpty {
      lines.append(
        "  on slow references: \(references.map { "\($0.node) (\($0.operator))" }.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// The speed beside the peak. Operations are counted as those of the plain algorithm, so that networks compare.
  private var share: String {
    "\(Self.digits(rate / peak * 100, 1)) % of it"
      + (rate > peak ? " (Winograd does fewer multiplications)" : "")
  }

  /// For example `1.9 MiB`.
  static func binary(_ bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1024, unit + 1 < units.count { (value, unit) = (value / 1024, unit + 1) }
    return unit == 0 ? "\(bytes) bytes" : "\(digits(value, 1)) \(units[unit])"
  }

  /// Rounded to five decimals, enough for a measurement.
  private static func number(_ value: Double) -> JSON { .number((value * 1e5).rounded() / 1e5) }

  static func digits(_ value: Double, _ count: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let scale = (0..<count).reduce(1) { product, _ in product * 10 }
    let number = Int(saturating: (abs(value) * Double(scale)).rounded())
    let fraction = String(number % scale)
    return (value < 0 ? "-" : "") + "\(number / scale)."
      + String(repeating: "0", count: count - fraction.count) + fraction
  }
}
