public import VisionGraph

/// An operator with its own kernel, which plans run instead of the reference: on all threads, without
/// allocating.
///
/// The kernel computes the same as `evaluate`. Plans use it where all inputs and outputs are float32, and the
/// reference elsewhere. Tensors are row-major.
public protocol ComputedOperator: Operator {
  /// The number of parts of the work, at least 1; nil where the kernel does not support these shapes, so that
  /// the reference runs.
  ///
  /// The number must depend on the facts alone, so that results do not depend on the number of threads.
  ///
  /// - Parameter inputs: absent optional ones are nil.
  func kernelParts(_ inputs: [Fact?], _ outputs: [Fact]) -> Int?

  /// Computes one part of the outputs.
  ///
  /// A run calls it once for each part, on several threads at once. No two parts may write the same element,
  /// and no part may read an element that another writes.
  func compute(part: Int, of count: Int, in memory: borrowing KernelMemory)
}
