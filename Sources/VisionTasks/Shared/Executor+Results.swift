import VisionCompute

extension Executor {
  /// The results of `body` for each index in `0..<count`, in order.
  func results<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each call writes only the element of its own index.
      nonisolated(unsafe) let results = buffer
      forEach(count: count) { index, _ in results[index] = body(index) }
    }
    return results.compactMap { $0 }
  }
}
