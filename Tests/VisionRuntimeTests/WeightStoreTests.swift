import Testing
import VisionCompute
import VisionSystem
import VisionTensor

@testable import VisionRuntime

@Suite struct WeightStoreTests {
  /// Small weights share large pages, and slabs end within; each keeps what was packed, aligned for the widest vectors.
  @Test func weightsOfManySizesKeepWhatWasPacked() {
    let store = WeightStore()
    let numbers = Philox(seed: 7).uniform(count: 60)
    // 0, one, up to 2 MB, which share memory: about 50 MB together, and a few larger ones.
    let sizes = [0, 1, 17] + numbers.map { Int(saturating: $0 * 400_000) } + [524_287, 524_288, 1_000_000]
    let packed = sizes.enumerated().map { index, size in
      store.packed("\(index)", floats: size) { target, _, _ in
        for i in 0..<max(size, 1) { target[i] = Float(index * 7 + i % 5) }
      }
    }
    store.pack(on: Executor(threads: 2))
    for (index, (size, weights)) in zip(sizes, packed).enumerated() {
      #expect(Int(bitPattern: weights.floats) % TensorStorage.alignment == 0)
      #expect(weights.byteCount == max(size, 1) * 4)
      let wrong = (0..<max(size, 1)).first { weights.floats[$0] != Float(index * 7 + $0 % 5) }
      #expect(wrong == nil, "weights \(index) of \(size) floats")
    }
  }

  @Test func theFirstPackedStays() {
    let store = WeightStore()
    let first = store.packed("a", floats: 100) { target, _, _ in target.update(repeating: 1, count: 100) }
    let second = store.packed("a", floats: 100) { target, _, _ in target.update(repeating: 2, count: 100) }
    #expect(first === second)
    store.pack(on: Executor(threads: 1))
    #expect(second.floats[99] == 1)
  }

  /// Weights outlive their store.
  @Test func weightsKeepTheirMemory() {
    func packed() -> PackedWeights {
      let store = WeightStore()
      defer { store.pack(on: Executor(threads: 1)) }
      return store.packed("a", floats: 1000) { target, _, _ in target.update(repeating: 3, count: 1000) }
    }
    let weights = packed()
    let others = (0..<20).map { _ in packed() }
    #expect((0..<1000).allSatisfy { weights.floats[$0] == 3 })
    #expect(others.allSatisfy { $0.floats[999] == 3 })
  }

  /// Each part is packed once, by whichever thread, and none before somebody asks for it.
  @Test(arguments: 1...4) func partsArePackedOnceByAllThreads(threads: Int) {
    let store = WeightStore()
    let calls = Locked([String: Int]())
    let sizes = [("small", 64, 1), ("parts", 5000, 50), ("large", 3_000_000, 30)]
    let packed = sizes.map { name, floats, parts in
      store.packed(name, floats: floats, parts: parts) { target, part, _ in
        calls.withLock { $0["\(name) \(part)", default: 0] += 1 }
        for i in (part * floats / parts)..<((part + 1) * floats / parts) { target[i] = Float(part + i % 3) }
      }
    }
    #expect(calls.withLock { $0 }.isEmpty)
    let executor = Executor(threads: threads)
    store.pack(on: executor)
    store.pack(on: executor)
    let counts = calls.withLock { $0 }
    #expect(counts.count == 81 && counts.values.allSatisfy { $0 == 1 })
    for ((_, floats, parts), weights) in zip(sizes, packed) {
      let size = floats / parts
      #expect((0..<floats).allSatisfy { weights.floats[$0] == Float($0 / size + $0 % 3) })
    }
  }

  /// Who asks while another packs waits for it.
  @Test func weightsAreThereForEveryThread() async {
    let store = WeightStore()
    let weights = (0..<20).map { index in
      store.packed("\(index)", floats: 100_000) { target, _, _ in
        target.update(repeating: Float(index), count: 100_000)
      }
    }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          store.pack(on: Executor(threads: 2))
          return weights.enumerated().allSatisfy { $1.floats[99_999] == Float($0) }
        }
      }
      for await isThere in group { #expect(isThere) }
    }
  }
}
