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
    case .float8e4m3fn: 17
    case .float8e4m3fnuz: 18
    case .float8e5m2: 19
    case .float8e5m2fnuz: 20
    case .uint4: 21
    case .int4: 22
    case .float4e2m1: 23
    case .float8e8m0: 24
    }
  }

  /// ONNX's name for the type with this number, for messages.
  package static func onnxName(_ number: Int) -> String {
    if let type = ElementType(onnx: number) { return type.rawValue }
    let others = [8: "string", 14: "complex64", 15: "complex128", 25: "uint2", 26: "int2"]
    return others[number] ?? "element type \(number)"
  }

  /// The opset that introduced the type, if that is later than opset 17; otherwise 0.
  package var introduction: Int {
    switch self {
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz: 19
    case .int4, .uint4: 21
    case .float4e2m1: 23
    case .float8e8m0: 24
    default: 0
    }
  }

  /// True for the unsigned integer types.
  package var isUnsigned: Bool {
    switch self {
    case .uint8, .uint16, .uint32, .uint64, .uint4: true
    default: false
    }
  }
}
