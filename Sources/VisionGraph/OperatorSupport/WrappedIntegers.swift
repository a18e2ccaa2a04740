import VisionSystem
package import VisionTensor

extension Tensor {
  /// The elements as integers; uint64 is reinterpreted as the signed number with the same bits.
  package var wrappedIntegers: [Int] {
    if let large = values(as: UInt64.self) { return large.map { Int(truncatingIfNeeded: $0) } }
    return integers
  }

  /// Integers stored modulo 2ⁿ, as in machine arithmetic; for `bool`, every number except 0 is true.
  package init(wrapping integers: [Int], shape: Shape, elementType: ElementType) {
    let wrapped: [Int]
    switch elementType {
    case .int4: wrapped = integers.map { ($0 & 15 ^ 8) - 8 }
    case .uint4: wrapped = integers.map { $0 & 15 }
    case .int8: wrapped = integers.map { Int(Int8(truncatingIfNeeded: $0)) }
    case .int16: wrapped = integers.map { Int(Int16(truncatingIfNeeded: $0)) }
    case .int32: wrapped = integers.map { Int(Int32(truncatingIfNeeded: $0)) }
    case .uint8: wrapped = integers.map { Int(UInt8(truncatingIfNeeded: $0)) }
    case .uint16: wrapped = integers.map { Int(UInt16(truncatingIfNeeded: $0)) }
    case .uint32: wrapped = integers.map { Int(UInt32(truncatingIfNeeded: $0)) }
    case .uint64:
      self.init(integers.map { UInt64(truncatingIfNeeded: $0) }, shape: shape)
      return
    default: wrapped = integers
    }
    self.init(elementType: elementType, shape: shape) { bytes in
      ElementConversion.store(wrapped, as: elementType, into: bytes)
    }
  }
}
