internal import CVisionKernels
import VisionSystem
import VisionTensor

/// The threads and the instruction set that work runs on; shared freely, also between threads.
///
/// Results do not depend on the number of threads. A loop inside a loop, and a loop of a second thread while
/// the first is running, run on their own thread alone.
public final class Executor: Sendable {
  /// How many threads take part in a loop, the calling one included.
  public let threads: Int
  /// The instruction set of the kernels.
  public let instructionSet: InstructionSet
  /// The kernel table, for calls into `CVisionKernels`.
  // Safe on any thread: it points to functions in constant memory.
  package nonisolated(unsafe) let kernels: OpaquePointer
  /// The pool, nil when there is one thread.
  // Safe on any thread: the pool takes loops of several threads, and lives as long as the executor.
  package nonisolated(unsafe) let pool: OpaquePointer?

  /// How many threads suit this process: one for each core of its affinity mask, but no more than its container's quota of
  /// processor time keeps busy.
  public static var availableThreads: Int {
    let cores = max(1, Int(vn_available_cores()))
    return CPUQuota.ofProcess.map { min(cores, CPUQuota.threads($0)) } ?? cores
  }

  /// Gives memory that was freed back to the system, where the C library keeps much of it for later.
  package static func releaseFreeMemory() { vn_release_free_memory() }

  /// Starts the threads: as many as there are available cores unless told otherwise.
  ///
  /// An unsupported instruction set falls back to the best one below it, and to fewer threads where the system
  /// refuses to start them.
  public init(threads: Int? = nil, instructionSet: InstructionSet = .preferred) {
    let usable = InstructionSet.supported.last { $0 <= instructionSet } ?? .portable
    self.instructionSet = usable
    kernels = usable.kernels ?? vn_portable_kernels()
    let wanted = min(max(threads ?? Self.availableThreads, 1), 1024)
    pool = wanted > 1 ? vn_pool_create(Int32(wanted)) : nil
    self.threads = Int(vn_pool_threads(pool))
  }

  deinit { vn_pool_destroy(pool) }

  /// Calls `body(index, worker)` for each index in `0..<count`, worker being in `0..<threads` and unique among
  /// the calls running at one time; returns when all are done, and allocates nothing.
  public func forEach(count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void) {
    Self.forEach(count: count, pool: pool, body)
  }

  /// The same on a pool, nil for the calling thread alone, for a body that is checked by hand to be safe on several threads.
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
