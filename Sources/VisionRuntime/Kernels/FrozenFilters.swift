import VisionGraph
import VisionSystem
import VisionTensor

/// Constant weights O×… of a convolution, with a factor for each output that is still to be applied.
///
/// A BatchNormalization is folded into the weights while they are packed, some outputs at a time, so that the
/// folded weights are never in memory as a whole.
struct FrozenFilters {
  let weights: Tensor
  /// One factor per output; nil for unchanged weights.
  let factors: [Float]?

  var shape: Shape { weights.shape }
  /// The number of weights of one output.
  private var row: Int { weights.elementCount / max(shape[0], 1) }

  /// Calls `body` with the weights of some outputs, in their stored order. Afterward, if they come from a
  /// file, their pages may be released.
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
          // A range of a mapped file may be unaligned.
          UnsafeMutableRawPointer(floats).copyMemory(from: start, byteCount: count * 4)
        }
        body(floats)
      }
      if outputs.count < shape[0] {
        weights.storage.giveBack(UnsafeRawBufferPointer(start: start, count: count * 4))
      }
    }
  }

  /// The number of outputs to pack at a time so that they stay in the nearest caches: a multiple of any
  /// panel's columns.
  var outputsAtATime: Int { max(64 * 1024 / max(row, 1) / 64, 1) * 64 }

  /// All outputs in parts of `outputsAtATime`, or in a single part if `isWhole`.
  func parts(isWhole: Bool) -> [Range<Int>] {
    let outputs = shape[0], step = isWhole ? max(outputs, 1) : outputsAtATime
    return stride(from: 0, to: outputs, by: step).map { $0..<min($0 + step, outputs) }
  }
}

/// Memory for packing weights. Each thread keeps its own, since allocating memory takes longer than the copy.
final class PackingScratch {
  private struct Memory {
    var floats: UnsafeMutablePointer<Float>?
    var count = 0

    mutating func room(_ wanted: Int) -> UnsafeMutablePointer<Float> {
      if let floats, count >= wanted { return floats }
      floats?.deallocate()
      let fresh = UnsafeMutablePointer<Float>.allocate(capacity: max(wanted, 1))
      (floats, count) = (fresh, wanted)
      return fresh
    }
  }

  private var weights = Memory()
  private var rounded = Memory()

  /// Memory for weights in their stored order.
  func floats(_ wanted: Int) -> UnsafeMutablePointer<Float> { weights.room(wanted) }
  /// Memory for the same weights in another form.
  func rows(_ wanted: Int) -> UnsafeMutablePointer<Float> { rounded.room(wanted) }

  deinit {
    weights.floats?.deallocate()
    rounded.floats?.deallocate()
  }
}
