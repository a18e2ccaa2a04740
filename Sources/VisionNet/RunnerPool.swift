import VisionCompute
import VisionTensor

/// Runners that no call is using.
final class RunnerPool: Sendable {
  struct Key: Hashable {
    let batch: Int
    let output: ClassifierNetwork.Output
  }

  /// Kept for each batch size; more are freed after use.
  private static let limit = max(8, Executor.availableThreads)
  private let idle = Locked<[Key: [Runner]]>([:])

  func take(_ key: Key) -> Runner? { idle.withLock { $0[key]?.popLast() } }

  func put(_ runner: Runner, _ key: Key) {
    idle.withLock { idle in
      if idle[key, default: []].count < Self.limit { idle[key, default: []].append(runner) }
    }
  }
}
