import VisionSystem
import VisionTensor

/// The memory of a batch, which the loader uses again and again.
// Checked by hand: the loader's threads write it while it is being made, and pass it on under their lock; then it belongs to the
// one `TensorBatch` that it was lent to, which only reads it, until that gives it back.
final class BatchMemory: @unchecked Sendable {
  /// The tensors of the batch: those of its source, with shares of classes for classes where samples are mixed.
  let parts: [TensorRows.Part]
  var samples: [Int] = []
  var epoch = 0
  var position = 0
  var count: Int { samples.count }

  // For the loader only, protected by its lock.
  var number = 0
  var pendingChunks = 0
  var isReady = false
  var failure: (row: Int, error: TrainingError)?

  /// The tensors as the source writes them.
  private let rows: TensorRows
  /// The shares of classes, in the order of the source's tensors.
  private let shares: TensorRows?
  private let capacity: Int

  init(_ specs: [TensorSpec], capacity: Int, isMixed: Bool) {
    self.capacity = capacity
    // Mixing keeps the last sample aside, behind the others.
    rows = TensorRows(specs, capacity: capacity + (isMixed ? 1 : 0))
    var parts = rows.parts
    let mixed = Self.specs(specs, isMixed: isMixed)
    let changed = specs.indices.filter { mixed[$0] != specs[$0] }
    shares = changed.isEmpty ? nil : TensorRows(changed.map { mixed[$0] }, capacity: capacity + 1)
    for (place, index) in changed.enumerated() { shares.map { parts[index] = $0.parts[place] } }
    self.parts = parts
  }

  /// The tensors of a batch whose samples may be mixed.
  static func specs(_ specs: [TensorSpec], isMixed: Bool) -> [TensorSpec] {
    guard isMixed else { return specs }
    return specs.map { spec in
      guard case .classes(let count) = spec.mixing else { return spec }
      return TensorSpec(name: spec.name, shape: [.fixed(count)], mixing: .linear)
    }
  }

  /// Where a sample is written.
  func slots(_ row: Int) -> TensorSlots { rows.slots(row) }

  func bytes(_ index: Int, count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: parts[index].base, count: count * parts[index].stride)
  }

  /// The numbers of one sample; `capacity` is the place of the one kept aside.
  ///
  /// Precondition: they are float32.
  func floats(_ index: Int, row: Int) -> UnsafeMutableBufferPointer<Float> {
    let part = parts[index]
    let start = (part.base + row * part.stride).assumingMemoryBound(to: Float.self)
    return UnsafeMutableBufferPointer(start: start, count: part.stride / MemoryLayout<Float>.stride)
  }

  /// The row behind the samples.
  var spareRow: Int { capacity }

  /// The error of a sample whose class is none of those that there are.
  func wrongClass(_ row: Int) -> TrainingError? {
    for (index, spec) in rows.specs.enumerated() {
      guard case .classes(let count) = spec.mixing else { continue }
      let label = rows.bytes(index, row: row).load(as: Int64.self)
      guard (0..<Int64(count)).contains(label) else {
        return TrainingError(
          .label, "the label \(label) is not in 0..<\(count)", place: "sample \(samples[row])")
      }
    }
    return nil
  }

  /// Writes shares for the classes: 1 for that of the sample.
  func expandClasses() {
    guard shares != nil else { return }
    for (index, spec) in rows.specs.enumerated() where parts[index].spec != spec {
      for row in 0..<count {
        let target = floats(index, row: row)
        target.update(repeating: 0)
        target[Int(rows.bytes(index, row: row).load(as: Int64.self))] = 1
      }
    }
  }
}
