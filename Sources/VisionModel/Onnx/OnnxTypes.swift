import VisionGraph
import VisionTensor

/// The numbers of element types in ONNX files (`TensorProto.DataType`).
enum OnnxTypes {
  private static let others: [Int: String] = [
    0: "undefined", 8: "string", 14: "complex64", 15: "complex128", 25: "uint2", 26: "int2",
  ]

  /// The element type, or nil if VisionNet does not support it.
  static func type(_ code: Int) -> ElementType? { ElementType(onnx: code) }

  static func code(_ type: ElementType) -> Int { type.onnx }

  /// The name for messages.
  static func name(_ code: Int) -> String {
    type(code)?.rawValue ?? others[code] ?? "type \(code)"
  }
}
