import VisionTensor

/// The numbers of element types in TensorFlow's files (`DataType`, tensorflow/core/framework/types.proto).
enum FrozenType {
  private static let supported: [Int: ElementType] = [
    1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 9: .int64, 10: .bool, 14: .bfloat16,
    17: .uint16, 19: .float16, 22: .uint32, 23: .uint64,
  ]
  private static let others: [Int: String] = [
    0: "undefined", 7: "string", 8: "complex64", 11: "qint8", 12: "quint8", 13: "qint32", 18: "complex128",
    20: "resource", 21: "variant",
  ]

  /// The element type, or nil if VisionNet does not support it.
  static func type(_ code: Int) -> ElementType? { supported[code] }

  /// The name for messages.
  static func name(_ code: Int) -> String { type(code)?.rawValue ?? others[code] ?? "type \(code)" }
}
