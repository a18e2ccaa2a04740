extension Tensor {
  /// The bits of each element as an unsigned integer of the same width, where NumPy lacks the type; those of 4 bits in the
  /// low bits of a byte. Other tensors as they are.
  package var codes: Tensor {
    guard elementType.isMissingInNumPy else { return self }
    if elementType == .int4 {
      return Tensor(elementType: .uint8, shape: shape) { bytes in
        withUnsafeBytes { source in
          for index in source.indices { bytes[index] = source[index] & 15 }
        }
      }
    }
    let type: ElementType = elementType.byteCount == 2 ? .uint16 : .uint8
    return Tensor(elementType: type, shape: shape, storage: storage, byteOffset: byteOffset)
  }

  /// The elements whose bits these unsigned integers are, the inverse of `codes`.
  ///
  /// Precondition: this is a tensor of uint8 or uint16 of the width of `type`, and of numbers below 16 for 4 bits.
  package func reinterpreted(as type: ElementType) -> Tensor {
    precondition(type.byteCount == elementType.byteCount)
    if type == .int4 {
      return Tensor(elementType: .int4, shape: shape) { bytes in
        withUnsafeBytes { source in
          for index in source.indices { bytes[index] = (source[index] ^ 8) &- 8 }
        }
      }
    }
    return Tensor(elementType: type, shape: shape, storage: storage, byteOffset: byteOffset)
  }
}

extension ElementType {
  /// Whether NumPy lacks the type, so that arrays hold the `codes` of such tensors.
  package var isMissingInNumPy: Bool {
    self == .bfloat16 || isFourBits || isFloatingPoint && byteCount == 1
  }
}
