import VisionTensor

extension Graph {
  /// The first weight of a convolution or a matrix product that holds what is no finite number, and that number.
  ///
  /// A network can hide it: −∞ before a ReLU gives 0. Constants that are only added, such as a mask, may well be infinite
  /// and are not looked at.
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
  /// The first element that is no finite number.
  fileprivate var firstNonFinite: Double? {
    if elementType == .float32, hasFiniteFloats { return nil }
    return doubles.first { !$0.isFinite }
  }

  /// Whether no float32 has an exponent of ones, in one pass that is as fast as the memory.
  private var hasFiniteFloats: Bool {
    withUnsafeBytes { bytes in
      var found: UInt32 = 0
      for offset in stride(from: 0, to: bytes.count, by: 4) {
        // Ranges of a mapped file need not be aligned.
        let magnitude = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) & 0x7FFF_FFFF
        found |= magnitude &+ 0x0080_0000
      }
      return found & 0x8000_0000 == 0
    }
  }
}
