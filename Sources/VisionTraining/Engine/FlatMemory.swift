import VisionSystem
import VisionTensor

/// Manually allocated floats, aligned for the widest vectors.
final class FlatMemory {
  let floats: UnsafeMutablePointer<Float>
  let count: Int

  /// Allocates `count` zeros.
  init(_ count: Int) {
    self.count = count
    let bytes = max(count, 16) * 4
    let memory = MemoryPages.allocate(byteCount: bytes)
    floats = memory.initializeMemory(as: Float.self, repeating: 0, count: max(count, 16))
  }

  deinit { UnsafeMutableRawPointer(floats).deallocate() }
}
