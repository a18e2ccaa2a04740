package import VisionGraph

/// One step of a plan: a node's computation with everything that is known beforehand worked out.
package protocol Kernel: Sendable {
  /// Floats of scratch memory for that many threads.
  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int
  /// Computes the outputs; must not allocate, unless it is the reference.
  func run(_ context: borrowing KernelContext) throws(EvaluationError)
  /// How the step is computed, for reports.
  func explanation(kernels: OpaquePointer) -> KernelExplanation
}

extension Kernel {
  package func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int { 0 }
  package func explanation(kernels: OpaquePointer) -> KernelExplanation { KernelExplanation() }
}

/// The memory of one step of one run.
package struct KernelContext: ~Copyable {
  /// Operands first, in the order of the choice's `operands`, then the outputs.
  let pointers: UnsafePointer<UnsafeMutableRawPointer>
  let scratch: UnsafeMutablePointer<Float>
  /// The kernel table of the instruction set.
  let kernels: OpaquePointer
  let pool: OpaquePointer?

  func floats(_ index: Int) -> UnsafeMutablePointer<Float> {
    pointers[index].assumingMemoryBound(to: Float.self)
  }
}
