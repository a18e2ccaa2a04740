import Testing
import VisionTensor

@testable import VisionRuntime

@Suite struct WeightStoreTests {
  /// Small weights share large pages, and slabs end within; each keeps what was packed, aligned for the widest vectors.
  @Test func weightsOfManySizesKeepWhatWasPacked() {
    let store = WeightStore()
    let numbers = Philox(seed: 7).uniform(count: 60)
    // 0, one, up to 2 MB, which share memory: about 50 MB together, and a few larger ones.
    let sizes = [0, 1, 17] + numbers.map { Int($0 * 400_000) } + [524_287, 524_288, 1_000_000]
    let packed = sizes.enumerated().map { index, size in
      store.packed("\(index)", floats: size) { target in
        for i in 0..<max(size, 1) { target[i] = Float(index * 7 + i % 5) }
      }
    }
    for (index, (size, weights)) in zip(sizes, packed).enumerated() {
      #expect(Int(bitPattern: weights.floats) % TensorStorage.alignment == 0)
      #expect(weights.byteCount == max(size, 1) * 4)
      let wrong = (0..<max(size, 1)).first { weights.floats[$0] != Float(index * 7 + $0 % 5) }
      #expect(wrong == nil, "weights \(index) of \(size) floats")
    }
  }

  @Test func theFirstPackedStays() {
    let store = WeightStore()
    let first = store.packed("a", floats: 100) { $0.update(repeating: 1, count: 100) }
    let second = store.packed("a", floats: 100) { $0.update(repeating: 2, count: 100) }
    #expect(first === second)
    #expect(second.floats[99] == 1)
  }

  /// Weights outlive their store.
  @Test func weightsKeepTheirMemory() {
    func packed() -> PackedWeights {
      WeightStore().packed("a", floats: 1000) { $0.update(repeating: 3, count: 1000) }
    }
    let weights = packed()
    let others = (0..<20).map { _ in packed() }
    #expect((0..<1000).allSatisfy { weights.floats[$0] == 3 })
    #expect(others.allSatisfy { $0.floats[999] == 3 })
  }
}
