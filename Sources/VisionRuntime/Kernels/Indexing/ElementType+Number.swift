import CVisionKernels
import VisionTensor
import VisionSystem

extension ElementType {
  /// The type as kernels tell types apart; nil for those that they do not compute with.
  var number: vn_number? {
    switch self {
    case .float32: VN_FLOAT32
    case .float64: VN_FLOAT64
    case .int8: VN_INT8
    case .int16: VN_INT16
    case .int32: VN_INT32
    case .int64: VN_INT64
    case .uint8: VN_UINT8
    case .uint16: VN_UINT16
    case .uint32: VN_UINT32
    case .bool: VN_BOOL
    default: nil
    }
  }
}

/// Lists as C's arrays of eight, which Swift sees as tuples.
enum Eight {
  typealias Numbers = (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64)

  /// Precondition: at most eight.
  static func numbers(_ list: [Int]) -> Numbers {
    func at(_ index: Int) -> Int64 { index < list.count ? Int64(list[index]) : 0 }
    return (at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
  }
}
