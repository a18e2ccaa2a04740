import VisionTensor

/// Frozen weights, computed and packed once and shared by the plans of every batch size.
public final class WeightStore: Sendable {
  private struct State {
    var tensors: [String: Tensor] = [:]
    var packed: [String: PackedWeights] = [:]
    var slab: MemorySlab?

    /// Memory for packed weights: small ones share large pages.
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
  private let saved: SavedWeights?

  public init() { saved = nil }

  /// - Parameter saved: what an earlier store of the same weights, kernels and instruction set has packed.
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

  /// The packed weights stored under `key`, packed by the first caller unless they were saved.
  func packed(_ key: String, floats: Int, _ pack: (UnsafeMutablePointer<Float>) -> Void) -> PackedWeights {
    if let weights = state.withLock({ $0.packed[key] }) { return weights }
    let weights =
      saved.flatMap { PackedWeights($0, key, floats: floats) }
      ?? PackedWeights(state.withLock { $0.memory(byteCount: max(floats, 1) * 4) }, pack)
    return state.withLock { state in
      if let first = state.packed[key] { return first }
      state.packed[key] = weights
      return weights
    }
  }

  /// Whether something had to be packed that was not saved.
  package var hasUnsavedWeights: Bool {
    state.withLock { state in
      state.packed.contains { $0.value.byteCount != saved?.ranges[$0.key]?.count }
    }
  }

  /// All packed weights, those that were saved earlier among them, by key and in its order.
  package var packedWeights: [(key: String, bytes: TensorStorage)] {
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

  /// Nil when a range is not within the storage, or not aligned as kernels want it.
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

/// Weights in a kernel's own order; immutable once packed.
final class PackedWeights: @unchecked Sendable {
  /// Where they lie, and what keeps that memory.
  struct Memory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    fileprivate let slab: MemorySlab?

    fileprivate init(byteCount: Int) {
      (base, self.byteCount, slab) = (MemoryPages.allocate(byteCount: byteCount), byteCount, nil)
    }

    /// Nil when the slab has not that much left.
    fileprivate init?(byteCount: Int, from slab: MemorySlab) {
      guard let base = slab.take(byteCount: byteCount) else { return nil }
      (self.base, self.byteCount, self.slab) = (base, byteCount, slab)
    }
  }

  let floats: UnsafePointer<Float>
  let byteCount: Int
  private let owned: UnsafeMutableRawPointer?
  private let owner: AnyObject?

  fileprivate init(_ memory: Memory, _ pack: (UnsafeMutablePointer<Float>) -> Void) {
    let target = memory.base.bindMemory(to: Float.self, capacity: memory.byteCount / 4)
    floats = UnsafePointer(target)
    byteCount = memory.byteCount
    (owned, owner) = (memory.slab == nil ? memory.base : nil, memory.slab)
    pack(target)
  }

  /// Nil when nothing of that size was saved under that key.
  fileprivate init?(_ saved: SavedWeights, _ key: String, floats count: Int) {
    guard let range = saved.ranges[key], range.count == max(count, 1) * 4 else { return nil }
    byteCount = range.count
    floats = (saved.storage.base + range.lowerBound).assumingMemoryBound(to: Float.self)
    (owned, owner) = (nil, saved.storage)
  }

  deinit { owned?.deallocate() }
}

/// A stretch of large pages that is given away piece by piece, under the store's lock.
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
