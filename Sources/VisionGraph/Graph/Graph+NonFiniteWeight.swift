import VisionTensor

extension Graph {
  /// The first weight of a convolution or matrix product that contains a NaN or an infinity, and that number.
  ///
  /// The network's results may not show it: a ReLU turns −∞ into 0. Constants that are only added, such as a
  /// mask, may be infinite and are not checked.
  package func nonFiniteWeight(_ parameters: Parameters) -> (name: String, value: Double)? {
    for node in nodes where node.operation is Conv || node.operation is Gemm || node.operation is MatMul {
      guard node.inputs.count > 1, let id = node.inputs[1] else { continue }
      let tensor: Tensor? =
        switch self[id].source {
        case .parameter: parameters[self[id].name]
        case .constant(let tensor): tensor
        case .input, .node: nil
        }
      guard let tensor, tensor.elementType.isFloatingPoint, let value = tensor.firstNonFinite else {
        continue
      }
      return (self[id].name, value)
    }
    return nil
  }
}

extension Tensor {
  /// The first element that is a NaN or an infinity.
  fileprivate var firstNonFinite: Double? {
    if elementType == .float32, hasFiniteFloats { return nil }
    return doubles.first { !$0.isFinite }
  }

  /// Whether all float32 elements are finite, that is, none has an exponent of all ones. One pass at memory
  /// speed.
  private var hasFiniteFloats: Bool {
    withUnsafeBytes { bytes in
      var found: UInt32 = 0
      for offset in stride(from: 0, to: bytes.count, by: 4) {
        // Slices of a mapped file need not be aligned.
        let magnitude = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) & 0x7FFF_FFFF
        found |= magnitude &+ 0x0080_0000
      }
      return found & 0x8000_0000 == 0
    }
  }
}
