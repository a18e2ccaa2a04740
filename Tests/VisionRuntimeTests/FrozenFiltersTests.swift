import Testing
@testable import VisionGraph
@testable import VisionRuntime
import VisionTensor

/// Weights that are folded while they are packed are those that are folded as a whole, to the bit.
@Suite struct FrozenFiltersTests {
  /// Bytes that a tensor may begin anywhere in.
  private final class Bytes {
    let memory: UnsafeMutableRawBufferPointer
    init(_ count: Int) { memory = .allocate(byteCount: count, alignment: 64) }
    deinit { memory.deallocate() }
  }

  private func floats(_ filters: FrozenFilters, step: Int) -> [Float] {
    let scratch = PackingScratch()
    var result: [Float] = []
    let row = filters.weights.elementCount / filters.shape[0]
    for first in stride(from: 0, to: filters.shape[0], by: step) {
      let outputs = first..<min(first + step, filters.shape[0])
      filters.withFloats(of: outputs, scratch: scratch) {
        result += UnsafeBufferPointer(start: $0, count: outputs.count * row)
      }
    }
    return result
  }

  @Test(arguments: [0, 1, 2, 4]) func areThoseOfTheWhole(offset: Int) throws {
    let shape: Shape = [70, 5, 3, 3]
    let numbers = Philox(seed: 1).normal(count: shape.elementCount)
    let bytes = Bytes(shape.elementCount * 4 + offset)
    numbers.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(rebasing: bytes.memory[offset...]).copyMemory(from: $0)
    }
    let weights = Tensor(
      elementType: .float32, shape: shape,
      storage: TensorStorage(
        borrowing: UnsafeRawBufferPointer(rebasing: bytes.memory[offset...]), from: bytes))
    let scale = Tensor(Philox(seed: 2).normal(count: 70))
    let variance = Tensor(Philox(seed: 3).uniform(count: 70))
    let folding = BatchNormalizedWeights(epsilon: 1e-3)
    let whole = try folding.evaluate([weights, scale, variance])[0].floats
    let factors = folding.factors(scale: scale, variance: variance)
    for step in [1, 33, 64, 70] {
      #expect(floats(FrozenFilters(weights: weights, factors: factors), step: step) == whole)
      #expect(floats(FrozenFilters(weights: weights, factors: nil), step: step) == numbers)
    }
  }

  @Test func takesWholePanelsAtATime() {
    for shape in [[1, 1, 1, 1], [512, 3, 3, 3], [512, 512, 3, 3], [1000, 4096]] as [Shape] {
      let weights = Tensor(repeating: Float(0), shape: shape)
      let step = FrozenFilters(weights: weights, factors: nil).outputsAtATime
      #expect(step >= 64 && step % 64 == 0)
    }
  }
}
