import VisionSystem
import VisionTensor

/// A `TensorProto` of TensorFlow as read from the file.
///
/// Source: tensorflow/core/framework/tensor.proto.
struct FrozenTensor {
  private(set) var type = 0
  private(set) var dimensions: [Int] = []
  /// Elements as in memory; they exclude the lists below.
  private var content: ByteRange?
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var integers: [Int] = []
  private var hasTexts = false
  private let place: ByteRange

  init(_ bytes: ByteRange) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: type = try field.int()
      case 2: dimensions = try FrozenShape.dimensions(try field.message()) ?? []
      case 4: content = try field.message()
      case 5: try field.append(to: &floats)
      case 6:
        let bytes = try field.fixed(8)
        for index in stride(from: 0, to: bytes.count, by: 8) {
          doubles.append(Double(bitPattern: bytes.integer(index, as: UInt64.self) ?? 0))
        }
      case 7, 10, 11, 13, 16, 17: try field.append(to: &integers)
      case 8: hasTexts = true
      default: break
      }
    }
  }

  /// The tensor: a range of the file if its elements are there as in memory, otherwise a copy.
  ///
  /// A list with fewer numbers than elements repeats its last one, and an empty list means zeros.
  func tensor() throws(FormatError) -> Tensor {
    guard !hasTexts, let element = FrozenType.type(type) else {
      throw place.error(.unsupported, "the element type \(FrozenType.name(type)) is not supported")
    }
    guard let size = TensorLimits.byteCount(dimensions, element) else {
      throw place.error(.tooLarge, "the shape \(Shape(dimensions)) is impossible")
    }
    if let content, content.count > 0 {
      guard content.count == size else {
        throw place.error(
          .corrupt,
          "\(content.count) bytes are given for \(element.rawValue) \(Shape(dimensions)), which takes \(size)"
        )
      }
      return TensorLimits.tensor(content, dimensions, element)
    }
    let shape = Shape(dimensions)
    guard shape.elementCount <= FrozenGraph.filledElementLimit || max(floats.count, integers.count) > 1 else {
      throw place.error(.tooLarge, "one number stands for \(shape.elementCount) elements")
    }
    switch element {
    case .float32: return Tensor(try filled(floats, 0, shape.elementCount), shape: shape)
    case .float64: return Tensor(try filled(doubles, 0, shape.elementCount), shape: shape)
    case .int64: return Tensor(try filled(integers.map(Int64.init), 0, shape.elementCount), shape: shape)
    case .int32: return Tensor(try list(Int32.self, shape.elementCount), shape: shape)
    case .int16: return Tensor(try list(Int16.self, shape.elementCount), shape: shape)
    case .int8: return Tensor(try list(Int8.self, shape.elementCount), shape: shape)
    case .uint8: return Tensor(try list(UInt8.self, shape.elementCount), shape: shape)
    case .bool:
      return Tensor(try filled(integers, 0, shape.elementCount).map { $0 != 0 }, shape: shape)
    default: throw place.error(.unsupported, "lists of \(element.rawValue) are not supported")
    }
  }

  private func list<Number: FixedWidthInteger>(_: Number.Type, _ count: Int) throws(FormatError) -> [Number] {
    var numbers: [Number] = []
    for integer in integers {
      guard let number = Number(exactly: integer) else {
        throw place.error(.corrupt, "the element \(integer) does not fit its type")
      }
      numbers.append(number)
    }
    return try filled(numbers, 0, count)
  }

  private func filled<Number>(_ numbers: [Number], _ zero: Number, _ count: Int) throws(FormatError)
    -> [Number]
  {
    guard numbers.count <= count else {
      throw place.error(.corrupt, "\(numbers.count) numbers are given for \(count) elements")
    }
    return numbers + Array(repeating: numbers.last ?? zero, count: count - numbers.count)
  }
}
