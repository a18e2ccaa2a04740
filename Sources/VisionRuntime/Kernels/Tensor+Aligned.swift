import VisionSystem
import VisionTensor

extension Tensor {
  /// Calls `body` with the elements at an address that suits floats, copied if theirs does not.
  func withAlignedFloats(_ body: (UnsafePointer<Float>) -> Void) {
    aligned.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { body(UnsafePointer<Float>(OpaquePointer(base))) }
    }
  }

  /// Where the elements of an aligned tensor of floats are, as long as it lives.
  var baseFloats: UnsafePointer<Float> { UnsafePointer(OpaquePointer(storage.base + byteOffset)) }

  /// The same tensor at an address that suits its elements.
  var aligned: Tensor {
    if Int(bitPattern: storage.base + byteOffset) % elementType.byteCount == 0 { return self }
    return withUnsafeBytes { bytes in
      Tensor(elementType: elementType, shape: shape) { $0.copyMemory(from: bytes) }
    }
  }
}
