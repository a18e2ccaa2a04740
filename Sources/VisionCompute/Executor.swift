internal import CVisionKernels
import VisionSystem
import VisionTensor

/// The threads and the instruction set that work runs on. An executor may be shared between threads.
///
/// Results do not depend on the number of threads. A nested loop, and a loop of a second thread while the
/// first is running, run on their calling thread alone.
public final class Executor: Sendable {
  /// The number of threads that a loop is divided among, including the calling thread. No more of them run
  /// than there are cores: beyond that they would only wait for each other.
  public let threads: Int
  /// The instruction set of the kernels.
  public let instructionSet: InstructionSet
  /// The kernel table, for calls into `CVisionKernels`.
  // Safe on any thread: it points to functions in constant memory.
  package nonisolated(unsafe) let kernels: OpaquePointer
  /// The pool, nil when there is one thread.
  // Safe on any thread: the pool accepts loops from several threads, and lives as long as the executor.
  package nonisolated(unsafe) let pool: OpaquePointer?

  /// The default number of threads for this process: one for each core in its affinity mask, but no more than
  /// its container's CPU quota can keep busy.
  public static var availableThreads: Int {
    let cores = max(1, Int(vn_available_cores()))
    return CPUQuota.ofProcess.map { min(cores, CPUQuota.threads($0)) } ?? cores
  }

  /// Returns freed memory to the system, where the C library keeps much of it for later.
  package static func releaseFreeMemory() { vn_release_free_memory() }

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - threads: the number of threads, 1 to 1024 after clamping; `availableThreads` by default. The
  ///     executor has a single thread if the system cannot start them all.
  ///   - instructionSet: if this machine does not support it, the best one below it is used.
  public init(threads: Int? = nil, instructionSet: InstructionSet = .preferred) {
    let usable = InstructionSet.supported.last { $0 <= instructionSet } ?? .portable
    self.instructionSet = usable
    kernels = usable.kernels ?? vn_portable_kernels()
    let wanted = min(max(threads ?? Self.availableThreads, 1), 1024)
    pool = wanted > 1 ? vn_pool_create(Int32(wanted)) : nil
    self.threads = Int(vn_pool_threads(pool))
  }

  deinit { vn_pool_destroy(pool) }

  /// Calls `body(index, worker)` for each index in `0..<count`; `worker` is in `0..<threads` and unique among
  /// the calls running at one time. Returns when all calls are done, and allocates nothing.
  public func forEach(count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void) {
    Self.forEach(count: count, pool: pool, body)
  }

  /// The same on a pool (nil for the calling thread alone), for a body that has been checked by hand to be
  /// thread-safe.
  package static func forEach(
    count: Int, pool: OpaquePointer?, _ body: (_ index: Int, _ worker: Int) -> Void
  ) {
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        vn_pool_run(
          pool, count,
          { context, index, worker in
            context?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(index, Int(worker))
          }, UnsafeMutableRawPointer(mutating: pointer))
      }
    }
  }

  /// The multiply-add rate of all threads together in FLOP/s, measured for about `seconds`.
  public func measurePeak(seconds: Double = 0.2) -> Double { vn_peak_flops(kernels, seconds, pool) }
}
