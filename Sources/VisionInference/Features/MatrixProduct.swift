import CVisionKernels
package import VisionCompute
import VisionSystem
import VisionTensor

/// Matrix products with the kernels of the machine, and their scratch memory.
package final class MatrixProduct {
  private let executor: Executor
  private var scratch = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

  package init(on executor: Executor) { self.executor = executor }

  deinit { scratch.deallocate() }

  /// c = a · b for row-major m×k and k×n; b is stored n×k if `transposesB`.
  ///
  /// Precondition: each array has at least as many elements as its matrix.
  package func callAsFunction(
    m: Int, n: Int, k: Int, _ a: [Float], _ b: [Float], transposesB: Bool = false, into c: inout [Float]
  ) {
    precondition(a.count >= m * k && b.count >= k * n && c.count >= m * n)
    let count = vn_gemm_scratch_floats(executor.kernels, m, n, k, Int32(executor.threads))
    if scratch.count < count {
      scratch.deallocate()
      // Not initialized: most of it is for transposing a, which never happens, so its pages stay untouched.
      scratch = .allocate(capacity: count)
    }
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          vn_gemm(
            executor.kernels, m, n, k, 1, a, Int64(k), false, b, Int64(transposesB ? k : n), transposesB, 0,
            c,
            Int64(n), scratch.baseAddress, executor.pool)
        }
      }
    }
  }
}
