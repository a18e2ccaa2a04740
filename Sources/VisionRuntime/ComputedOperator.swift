public import VisionGraph

/// An operator that brings a kernel of its own, which plans run in place of its reference: on every thread, without allocating.
///
/// The kernel computes what `evaluate` computes. It is taken where all inputs and outputs are float32, and reads and writes them in the
/// order of the shape, the last axis innermost. Whatever else there is runs on the reference.
public protocol ComputedOperator: Operator {
  /// How many parts the work has, at least 1; nil where the kernel does not take these shapes, so that the reference runs.
  ///
  /// The number follows from the facts alone, so that results do not depend on the number of threads.
  ///
  /// - Parameter inputs: absent optional ones are nil.
  func kernelParts(_ inputs: [Fact?], _ outputs: [Fact]) -> Int?

  /// Computes one part of the outputs.
  ///
  /// Called once a part and run, on several threads at once: no two parts may write the same element, nor one read what another
  /// writes.
  func compute(part: Int, of count: Int, in memory: borrowing KernelMemory)
}
