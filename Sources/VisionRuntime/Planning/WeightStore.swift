import VisionCompute
import VisionSystem
package import VisionTensor

/// Frozen weights, computed and packed once and shared by the plans for all batch sizes.
///
/// They are packed when the first workspace is made, by its threads. A plan without a workspace packs none.
public final class WeightStore: Sendable {
  private struct State {
    var tensors: [String: Tensor] = [:]
    var packed: [String: PackedWeights] = [:]
    /// Weights that are not packed yet.
    var waiting: [PackingJob] = []
    var slab: MemorySlab?

    /// Memory for packed weights; small weights share large pages.
    mutating func memory(byteCount: Int) -> PackedWeights.Memory {
      typealias Memory = PackedWeights.Memory
      guard byteCount < MemoryPages.largeBytes else { return Memory(byteCount: byteCount) }
      if let slab, let memory = Memory(byteCount: byteCount, from: slab) { return memory }
      let fresh = MemorySlab()
      slab = fresh
      return Memory(byteCount: byteCount, from: fresh) ?? Memory(byteCount: byteCount)
    }
  }

  private let state = Locked(State())
  /// Locked while weights are packed, so that other threads wait for them.
  private let packing = Locked(())
  private let saved: SavedWeights?

  public init() { saved = nil }

  /// - Parameter saved: packed weights of an earlier store with the same weights, kernels and instruction
  ///   set.
  package init(saved: SavedWeights?) { self.saved = saved }

  /// The tensor stored under `key`, computed by the first caller.
  func tensor<Failure: Error>(_ key: String, _ compute: () throws(Failure) -> Tensor) throws(Failure)
    -> Tensor
  {
    if let tensor = state.withLock({ $0.tensors[key] }) { return tensor }
    let tensor = try compute()
    return state.withLock { state in
      if let first = state.tensors[key] { return first }
      state.tensors[key] = tensor
      return tensor
    }
  }

  /// The packed weights stored under `key`: saved ones, or memory of `floats` floats that `pack` will fill in
  /// `parts` calls, on any threads, before the first workspace is made.
  func packed(_ key: String, floats: Int, parts: Int = 1, _ pack: @escaping PackingJob.Body) -> PackedWeights
  {
    if let weights = state.withLock({ $0.packed[key] }) { return weights }
    let found = saved.flatMap { PackedWeights($0, key, floats: floats) }
    let weights = found ?? PackedWeights(state.withLock { $0.memory(byteCount: max(floats, 1) * 4) })
    let jobs = found == nil ? [PackingJob(weights: weights, parts: parts, body: pack)] : []
    return state.withLock { state in
      if let first = state.packed[key] { return first }
      state.packed[key] = weights
      state.waiting += jobs
      return weights
    }
  }

  /// Packs the waiting weights on the threads of `executor`; returns when all weights are packed.
  func pack(on executor: Executor) {
    packing.withLock { _ in
      let jobs = state.withLock { state in
        defer { state.waiting = [] }
        return state.waiting
      }
      guard !jobs.isEmpty else { return }
      // The pages of large weights are populated at once, which takes half as long as one by one.
      // Each call populates the pages of its own stretch.
      nonisolated(unsafe) let stretches = jobs.flatMap(\.stretches)
      executor.forEach(count: stretches.count) { index, _ in
        MemoryPages.populate(stretches[index].base, byteCount: stretches[index].byteCount)
      }
      let parts = jobs.flatMap { job in (0..<job.parts).map { (job, $0) } }
      // Calls that run at the same time have different workers, and so different scratch memory.
      nonisolated(unsafe) let scratch = (0..<executor.threads).map { _ in PackingScratch() }
      executor.forEach(count: parts.count) { index, worker in
        let (job, part) = parts[index]
        job.body(job.weights.target, part, scratch[worker])
      }
    }
  }

  /// Whether there are packed weights that were not saved.
  package var hasUnsavedWeights: Bool {
    state.withLock { state in
      state.packed.contains { $0.value.byteCount != saved?.ranges[$0.key]?.count }
    }
  }

  /// All packed weights with their keys, sorted by key, including those that were saved earlier.
  package var packedWeights: [(key: String, bytes: TensorStorage)] {
    pack(on: Executor(threads: 1))
    var all: [String: TensorStorage] = [:]
    if let saved {
      for (key, range) in saved.ranges {
        all[key] = TensorStorage(
          borrowing: UnsafeRawBufferPointer(start: saved.storage.base + range.lowerBound, count: range.count),
          from: saved.storage)
      }
    }
    for (key, weights) in state.withLock({ $0.packed }) {
      all[key] = TensorStorage(
        borrowing: UnsafeRawBufferPointer(start: weights.floats, count: weights.byteCount), from: weights)
    }
    return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// Packed weights of another process: one stretch of memory, and where in it the weights of each key are.
package struct SavedWeights: Sendable {
  package let storage: TensorStorage
  /// Bytes from the start of the storage.
  package let ranges: [String: Range<Int>]

  /// Nil when a range is not within the storage, or is not aligned as kernels require.
  package init?(_ storage: TensorStorage, ranges: [String: Range<Int>]) {
    let isAligned = Int(bitPattern: storage.base) % TensorStorage.alignment == 0
    let areInside = ranges.values.allSatisfy {
      $0.lowerBound >= 0 && $0.upperBound <= storage.byteCount
        && $0.lowerBound % TensorStorage.alignment == 0
    }
    guard isAligned, areInside else { return nil }
    (self.storage, self.ranges) = (storage, ranges)
  }
}

/// Weights that are not packed yet.
// Checked by hand: bodies read tensors, which do not change, and write what no other part writes.
struct PackingJob: @unchecked Sendable {
  /// Writes part `part` to its place in the memory that all parts share.
  typealias Body = (_ target: UnsafeMutablePointer<Float>, _ part: Int, _ scratch: PackingScratch) -> Void

  let weights: PackedWeights
  let parts: Int
  let body: Body

  /// Memory of more than one large page, in stretches that several threads can populate.
  var stretches: [(base: UnsafeMutableRawPointer, byteCount: Int)] {
    let size = 4 * MemoryPages.largeBytes
    guard weights.byteCount >= MemoryPages.largeBytes else { return [] }
    return stride(from: 0, to: weights.byteCount, by: size).map {
      (UnsafeMutableRawPointer(weights.target) + $0, min(size, weights.byteCount - $0))
    }
  }
}

/// Weights in a kernel's own order; immutable once packed.
// Checked by hand: only the store's packing writes them, before the first workspace that reads them is made.
final class PackedWeights: @unchecked Sendable {
  /// Where the weights lie, and the owner of that memory.
  struct Memory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    fileprivate let slab: MemorySlab?

    fileprivate init(byteCount: Int) {
      (base, self.byteCount, slab) = (MemoryPages.reserve(byteCount: byteCount), byteCount, nil)
    }

    /// Nil when the slab does not have `byteCount` bytes left.
    fileprivate init?(byteCount: Int, from slab: MemorySlab) {
      guard let base = slab.take(byteCount: byteCount) else { return nil }
      (self.base, self.byteCount, self.slab) = (base, byteCount, slab)
    }
  }

  let floats: UnsafePointer<Float>
  let byteCount: Int
  private let owned: UnsafeMutableRawPointer?
  private let owner: AnyObject?

  /// Memory for weights that are not packed yet.
  fileprivate init(_ memory: Memory) {
    floats = UnsafePointer(memory.base.bindMemory(to: Float.self, capacity: memory.byteCount / 4))
    byteCount = memory.byteCount
    (owned, owner) = (memory.slab == nil ? memory.base : nil, memory.slab)
  }

  /// Nil when no weights of this size were saved under `key`.
  fileprivate init?(_ saved: SavedWeights, _ key: String, floats count: Int) {
    guard let range = saved.ranges[key], range.count == max(count, 1) * 4 else { return nil }
    byteCount = range.count
    floats = (saved.storage.base + range.lowerBound).assumingMemoryBound(to: Float.self)
    (owned, owner) = (nil, saved.storage)
  }

  deinit { owned?.deallocate() }

  /// The memory that the weights are packed to, before they are read.
  fileprivate var target: UnsafeMutablePointer<Float> { UnsafeMutablePointer(mutating: floats) }
}

/// A stretch of large pages that is handed out piece by piece, under the store's lock.
// Checked by hand: only the store touches it, with its state locked.
private final class MemorySlab: @unchecked Sendable {
  private static let byteCount = 4 * MemoryPages.largeBytes
  private let base = MemoryPages.reserve(byteCount: byteCount)
  private var used = 0

  func take(byteCount: Int) -> UnsafeMutableRawPointer? {
    let size = (byteCount + TensorStorage.alignment - 1) / TensorStorage.alignment * TensorStorage.alignment
    guard used + size <= Self.byteCount else { return nil }
    defer { used += size }
    return base + used
  }

  deinit { base.deallocate() }
}
