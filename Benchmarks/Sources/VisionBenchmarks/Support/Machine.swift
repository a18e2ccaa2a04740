import VisionCompute
import CVisionKernels
import VisionNet

/// The kernels and the threads that a benchmark of kernels runs on.
final class Machine {
  let threads: Int
  let kernels: OpaquePointer
  let pool: OpaquePointer?

  init(threads: Int) {
    pool = threads > 1 ? vn_pool_create(Int32(threads)) : nil
    self.threads = Int(vn_pool_threads(pool))
    let wanted: vn_isa =
      switch InstructionSet.preferred {
      case .portable: VN_PORTABLE
      case .neon: VN_NEON
      case .avx2: VN_AVX2
      case .avx512: VN_AVX512
      }
    kernels = vn_kernels_for(wanted) ?? vn_portable_kernels()
  }

  deinit { vn_pool_destroy(pool) }

  /// FLOP/s of multiply-adds alone, all threads together.
  func peak() -> Double { vn_peak_flops(kernels, 0.05, pool) }

  /// Bytes a second read and written while memory that no cache holds is copied.
  func copyRate(_ options: SharedOptions) -> Double {
    let count = 1 << 24
    let (source, target) = (FloatMemory(count), FloatMemory(count))
    let seconds = Stopwatch.seconds(options) {
      vn_copy_strided(1, [Int64(count)], source.floats, [1], target.floats, [1], 4, pool)
    }
    return Double(2 * count * 4) / seconds
  }
}
