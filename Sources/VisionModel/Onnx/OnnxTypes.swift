import VisionTensor

/// The numbers of element types in ONNX files (`TensorProto.DataType`).
enum OnnxTypes {
  private static let supported: [(code: Int, type: ElementType)] = [
    (1, .float32), (2, .uint8), (3, .int8), (4, .uint16), (5, .int16), (6, .int32), (7, .int64), (9, .bool),
    (10, .float16), (11, .float64), (12, .uint32), (13, .uint64), (16, .bfloat16),
  ]

  private static let others: [Int: String] = [
    0: "undefined", 8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1", 24: "float8e8m0",
    25: "uint2", 26: "int2",
  ]

  /// The element type, or nil if VisionNet does not support it.
  static func type(_ code: Int) -> ElementType? { supported.first { $0.code == code }?.type }

  static func code(_ type: ElementType) -> Int { supported.first { $0.type == type }?.code ?? 0 }

  /// The name for messages.
  static func name(_ code: Int) -> String {
    type(code)?.rawValue ?? others[code] ?? "type \(code)"
  }
}
