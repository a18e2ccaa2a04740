package import VisionCompute
package import VisionSystem

/// How the gradients of the groups that a batch is cut into become one, between the runs of a step's plan and its update.
///
/// The blocks of all groups are summed in the order of the groups, whoever computed them. So the bits depend on the number of
/// groups, which is a setting, and not on how many processes share them.
package protocol GradientReducer: Sendable {
  /// How many processes there are, each with as many groups.
  var processes: Int { get }
  /// Sums the blocks of all groups, those of other processes among them, into the first block of this process.
  ///
  /// - Parameters:
  ///   - gradients: the blocks of this process's groups in order, one behind the other.
  ///   - groups: how many blocks these are.
  ///   - executor: the threads to sum with.
  func sum(_ gradients: UnsafeMutableBufferPointer<Float>, groups: Int, on executor: Executor)
    throws(TrainingError)
}

/// The reducer of a process that computes all groups.
package struct Alone: GradientReducer {
  /// Floats of a piece of work.
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
