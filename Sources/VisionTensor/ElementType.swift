/// The element types of tensors, named as in ONNX.
public enum ElementType: String, Sendable, Hashable, CaseIterable, Codable {
  case float32, float64, float16, bfloat16
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case bool
  /// Numbers of 8 bits: E4M3 and E5M2 have a sign; FN has no infinities, UZ no negative zero; E8M0 are powers of two.
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float8e8m0
  /// Numbers of 4 bits. In memory each takes a byte: `int4` with its sign extended, the others with the upper bits 0.
  case float4e2m1, int4, uint4

  /// The size of one element in memory in bytes; 1 for `bool` and for numbers of 4 bits.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0,
      .float4e2m1, .int4, .uint4:
      1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// True for floating-point types of any width.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1: true
    default: false
    }
  }

  /// True for the types of which files hold two elements a byte.
  public var isFourBits: Bool { self == .float4e2m1 || self == .int4 || self == .uint4 }
}

/// A Swift type whose values a tensor can hold without conversion.
public protocol TensorElement: BitwiseCopyable, Sendable, Hashable {
  /// The element type of tensors whose elements have this Swift type.
  static var elementType: ElementType { get }
}

extension Float: TensorElement { public static var elementType: ElementType { .float32 } }
extension Double: TensorElement { public static var elementType: ElementType { .float64 } }
extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension Int16: TensorElement { public static var elementType: ElementType { .int16 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension UInt16: TensorElement { public static var elementType: ElementType { .uint16 } }
extension UInt32: TensorElement { public static var elementType: ElementType { .uint32 } }
extension UInt64: TensorElement { public static var elementType: ElementType { .uint64 } }
extension Bool: TensorElement { public static var elementType: ElementType { .bool } }
