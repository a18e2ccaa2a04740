import VisionTensor

/// Frozen weights, computed and packed once and shared by the plans of every batch size.
public final class WeightStore: Sendable {
  private struct State {
    var tensors: [String: Tensor] = [:]
    var packed: [String: PackedWeights] = [:]
  }

  private let state = Locked(State())

  public init() {}

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

  /// The packed weights stored under `key`, packed by the first caller.
  func packed(_ key: String, floats: Int, _ pack: (UnsafeMutablePointer<Float>) -> Void) -> PackedWeights {
    if let weights = state.withLock({ $0.packed[key] }) { return weights }
    let weights = PackedWeights(floats: floats, pack)
    return state.withLock { state in
      if let first = state.packed[key] { return first }
      state.packed[key] = weights
      return weights
    }
  }
}

/// Weights in a kernel's own order; immutable once packed.
final class PackedWeights: @unchecked Sendable {
  let floats: UnsafeMutablePointer<Float>

  fileprivate init(floats count: Int, _ pack: (UnsafeMutablePointer<Float>) -> Void) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * 4, alignment: TensorStorage.alignment)
    MemoryPages.populate(memory, byteCount: max(count, 1) * 4)
    floats = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    pack(floats)
  }

  deinit { UnsafeMutableRawPointer(floats).deallocate() }
}
