import VisionSystem

/// The memory of N samples' tensors, those that say how long samples are included.
// Checked by hand: who has it writes rows, each on one thread, and passes it on under a lock before others read it.
package final class TensorRows: @unchecked Sendable {
  /// One tensor N×….
  package struct Part {
    package let spec: TensorSpec
    package let base: UnsafeMutableRawPointer
    /// Bytes of one sample.
    package let stride: Int
    /// The position, among the parts, of the tensor with the counts.
    fileprivate var counts: Int?
  }

  package let specs: [TensorSpec]
  package let capacity: Int
  /// A tensor for each spec, in their order, and behind them those of counts.
  package let parts: [Part]
  private let isOwned: Bool

  /// Memory of its own for `capacity` samples, zeros at first.
  ///
  /// Precondition: there is no complaint about the specs, and the memory can be had.
  package convenience init(_ specs: [TensorSpec], capacity: Int) {
    self.init(specs, capacity: capacity, isOwned: true) { spec in
      let count = max(capacity * spec.bounds.elementCount * spec.type.byteCount, 1)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: TensorStorage.alignment)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
      return memory
    }
  }

  /// Memory of others, such as the inputs of a plan, which outlives this.
  ///
  /// - Parameter place: gives the memory for `capacity` samples of a tensor, those of counts included.
  package convenience init(
    _ specs: [TensorSpec], capacity: Int, at place: (TensorSpec) throws -> UnsafeMutableRawPointer
  ) rethrows {
    try self.init(specs, capacity: capacity, isOwned: false, place)
  }

  private init(
    _ specs: [TensorSpec], capacity: Int, isOwned: Bool,
    _ place: (TensorSpec) throws -> UnsafeMutableRawPointer
  ) rethrows {
    var parts: [Part] = []
    for spec in specs + specs.compactMap(\.countSpec) {
      parts.append(
        Part(
          spec: spec, base: try place(spec), stride: spec.bounds.elementCount * spec.type.byteCount))
    }
    var next = specs.count
    for index in specs.indices where specs[index].variableAxis != nil {
      parts[index].counts = next
      next += 1
    }
    (self.specs, self.capacity, self.parts, self.isOwned) = (specs, capacity, parts, isOwned)
  }

  deinit {
    if isOwned { for part in parts { part.base.deallocate() } }
  }

  /// Where sample `row` is written; its tensors of varying length are empty.
  package func slots(_ row: Int) -> TensorSlots {
    precondition(row >= 0 && row < capacity)
    for index in specs.indices where parts[index].counts != nil {
      fill(index, row: row)
      setCount(index, row: row, 0)
    }
    return TensorSlots(self, row: row)
  }

  /// The memory of one sample.
  package func bytes(_ index: Int, row: Int) -> UnsafeMutableRawBufferPointer {
    let part = parts[index]
    return UnsafeMutableRawBufferPointer(start: part.base + row * part.stride, count: part.stride)
  }

  /// The memory of the first `count` samples.
  package func bytes(_ index: Int, count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: parts[index].base, count: count * parts[index].stride)
  }

  /// A copy of one tensor of all samples, N×….
  package func tensor(_ index: Int) -> Tensor {
    let spec = parts[index].spec
    return Tensor(elementType: spec.type, shape: Shape([capacity] + spec.bounds.dimensions)) {
      $0.copyMemory(from: UnsafeRawBufferPointer(bytes(index, count: capacity)))
    }
  }

  func setCount(_ index: Int, row: Int, _ count: Int) {
    let spec = specs[index]
    guard let counts = parts[index].counts, let axis = spec.variableAxis else {
      preconditionFailure("the tensor '\(spec.name)' has one length for all samples")
    }
    precondition(
      (0...spec.shape[axis].bound).contains(count),
      "'\(spec.name)' has room for \(spec.shape[axis].bound), not \(count)")
    bytes(counts, row: row).storeBytes(of: Int64(count), as: Int64.self)
  }

  func fill(_ index: Int, row: Int) {
    let (bytes, padding) = (bytes(index, row: row), specs[index].padding)
    func fill<Number: TensorElement>(_ number: Number) {
      bytes.bindMemory(to: Number.self).update(repeating: number)
    }
    switch specs[index].type {
    case .float32: fill(Float(padding))
    case .float64: fill(padding)
    case .int8: fill(Int8(saturating: padding))
    case .int16: fill(Int16(saturating: padding))
    case .int32: fill(Int32(saturating: padding))
    case .int64: fill(Int64(saturating: padding))
    case .uint8: fill(UInt8(saturating: padding))
    case .uint16: fill(UInt16(saturating: padding))
    case .uint32: fill(UInt32(saturating: padding))
    case .uint64: fill(UInt64(saturating: padding))
    case .bool: fill(padding != 0)
    default: bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
  }
}
