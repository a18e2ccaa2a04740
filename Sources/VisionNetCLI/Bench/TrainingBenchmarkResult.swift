import VisionNet
import VisionSystem

/// The result of `bench --train`.
struct TrainingBenchmarkResult {
  /// The name of the task or the network.
  let task: String
  let batch: Int
  let threads: Int
  /// The seconds of a step in the median of the rounds, and in the best one.
  let median: Double
  let best: Double
  /// The seconds of preparation and the first two steps.
  let warmup: Double
  /// The largest memory of the process.
  let peakBytes: Int

  private var imagesPerSecond: Double { Double(batch) / median }

  /// The last five members are those of the scripts for other engines, under their names.
  var json: JSON {
    [
      "schema": JSON.schema, "engine": "visionnet", "task": .string(task),
      "batch": .integer(batch), "threads": .integer(threads),
      "medianMilliseconds": .number(median * 1e3),
      "minimumMilliseconds": .number(best * 1e3), "imagesPerSecond": .number(imagesPerSecond),
      "warmupSeconds": .number(Figures.rounded(warmup, 2)), "peakBytes": .integer(peakBytes),
      "ms": .number(median * 1e3), "best_ms": .number(best * 1e3), "ips": .number(imagesPerSecond),
      "warm_s": .number(Figures.rounded(warmup, 2)), "rss_mb": .integer(peakBytes >> 20),
    ]
  }

  var text: String {
    """
    training \(FilePath(task).printable), batch \(batch), \(threads) thread\(threads == 1 ? "" : "s")
      median    \(BenchmarkResult.digits(median * 1e3, 3)) ms
      min       \(BenchmarkResult.digits(best * 1e3, 3)) ms
      speed     \(BenchmarkResult.digits(imagesPerSecond, 1)) images/s
      warm-up   \(BenchmarkResult.digits(warmup, 2)) s
      memory    \(BenchmarkResult.binary(peakBytes)) at most
    """
  }
}
