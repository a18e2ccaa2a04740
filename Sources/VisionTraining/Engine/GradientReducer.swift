package import VisionCompute
package import VisionSystem

/// Sums the gradients of the groups of a batch, between the runs of a step's plan and the update.
///
/// The blocks of all groups are summed in the order of the groups, whichever process computed them. So the
/// bits depend on the number of groups, which is a setting, but not on the number of processes.
package protocol GradientReducer: Sendable {
  /// The number of processes, which all have the same number of groups.
  var processes: Int { get }
  /// Sums the blocks of all groups, including those of other processes, into the first block of this process.
  ///
  /// - Parameters:
  ///   - gradients: the consecutive blocks of this process's groups.
  ///   - groups: the number of these blocks.
  ///   - executor: the threads to sum with.
  func sum(_ gradients: UnsafeMutableBufferPointer<Float>, groups: Int, on executor: Executor)
    throws(TrainingError)
}

/// The reducer of a single process, which computes all groups.
package struct Alone: GradientReducer {
  /// The floats that one call sums.
  private static let length = 1 << 15

  package let processes = 1
  package init() {}

  package func sum(_ gradients: UnsafeMutableBufferPointer<Float>, groups: Int, on executor: Executor) {
    guard groups > 1, let base = gradients.baseAddress else { return }
    let count = gradients.count / groups
    // Each call writes its own piece of the first block.
    nonisolated(unsafe) let first = base
    executor.forEach(count: (count + Self.length - 1) / Self.length) { piece, _ in
      let range = piece * Self.length..<min((piece + 1) * Self.length, count)
      for group in 1..<groups {
        let other = first + group * count
        for index in range { first[index] += other[index] }
      }
    }
  }
}
