import VisionGraph
import VisionTensor

/// Weights O×… of a convolution that do not change, with the factor of each output that is yet to be multiplied in.
///
/// A BatchNormalization is folded into the weights while they are packed, some outputs at a time, so that the folded weights
/// never lie in memory as a whole.
struct FrozenFilters {
  let weights: Tensor
  /// One a output; nil for weights as they are.
  let factors: [Float]?

  var shape: Shape { weights.shape }
  /// Elements of one output.
  private var row: Int { weights.elementCount / max(shape[0], 1) }

  /// Calls `body` with the weights of some outputs, in the order that they lie in; afterwards their pages may leave memory, if
  /// they come from a file.
  func withFloats(
    of outputs: Range<Int>, scratch: PackingScratch, _ body: (UnsafePointer<Float>) -> Void
  ) {
    weights.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let (start, count) = (base + outputs.lowerBound * row * 4, outputs.count * row)
      if factors == nil, Int(bitPattern: start) % MemoryLayout<Float>.alignment == 0 {
        body(UnsafePointer<Float>(OpaquePointer(start)))
      } else {
        let floats = scratch.floats(count)
        if let factors {
          for output in outputs {
            let first = (output - outputs.lowerBound) * row
            BatchNormalizedWeights.scale(
              start + first * 4, by: factors[output], count: row, into: floats + first)
          }
        } else {
          // A range of a mapped file need not be aligned to its elements.
          UnsafeMutableRawPointer(floats).copyMemory(from: start, byteCount: count * 4)
        }
        body(floats)
      }
      if outputs.count < shape[0] {
        weights.storage.giveBack(UnsafeRawBufferPointer(start: start, count: count * 4))
      }
    }
  }

  /// How many outputs to take at a time so that they stay in the nearest caches: a multiple of every panel's columns.
  var outputsAtATime: Int { max(64 * 1024 / max(row, 1) / 64, 1) * 64 }
}

/// Memory for weights on their way to their packed order; one for all of a plan's, since new memory costs more than the copy.
final class PackingScratch {
  private var memory: UnsafeMutablePointer<Float>?
  private var count = 0

  func floats(_ wanted: Int) -> UnsafeMutablePointer<Float> {
    if let memory, count >= wanted { return memory }
    memory?.deallocate()
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(wanted, 1))
    self.memory = memory
    count = wanted
    return memory
  }

  deinit { memory?.deallocate() }
}
