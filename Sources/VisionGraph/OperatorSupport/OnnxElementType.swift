import VisionTensor

extension ElementType {
  /// The type with this number in ONNX's `TensorProto.DataType`, or nil for types that tensors cannot hold.
  package init?(onnx number: Int) {
    guard let type = Self.allCases.first(where: { $0.onnx == number }) else { return nil }
    self = type
  }

  /// The number of the type in ONNX's `TensorProto.DataType`.
  package var onnx: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    }
  }

  /// ONNX's name for the type with this number, for messages.
  package static func onnxName(_ number: Int) -> String {
    if let type = ElementType(onnx: number) { return type.rawValue }
    let others = [
      8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
      19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1", 24: "float8e8m0",
    ]
    return others[number] ?? "element type \(number)"
  }

  /// True for the unsigned integer types.
  package var isUnsigned: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64: true
    default: false
    }
  }
}
