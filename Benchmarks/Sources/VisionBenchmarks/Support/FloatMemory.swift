import VisionNet

/// Floats at a 64-byte boundary: numbers of a normal distribution, always the same.
final class FloatMemory {
  let floats: UnsafeMutablePointer<Float>
  let count: Int

  var buffer: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: floats, count: count) }

  /// As many numbers as there are pages of memory would take long to draw, so that a prime count is repeated.
  private static let drawn = Philox(seed: 1).normal(count: 65_521)

  init(_ count: Int) {
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    floats = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    Self.drawn.withUnsafeBufferPointer { drawn in
      for index in 0..<count { floats[index] = drawn[index % drawn.count] }
    }
  }

  deinit { UnsafeMutableRawPointer(floats).deallocate() }
}
