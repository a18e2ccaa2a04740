import VisionSystem
import VisionTensor

/// A `TensorProto` as read from the file; only `tensor(_:)` reads its elements.
struct OnnxTensor {
  var name = ""
  var dimensions: [Int] = []
  var type = 0
  /// Keys and values that locate the elements in another file.
  var external: [(key: String, value: String)] = []
  private var isExternal = false
  private var isSegmented = false
  private var raw: ByteRange?
  /// The chunks of `float_data` and similar fields, by field number.
  private var typed: [(field: Int, bytes: ByteRange)] = []
  private let place: ByteRange

  init(_ bytes: ByteRange) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: try field.append(to: &dimensions)
      case 2: type = try field.int()
      case 3: isSegmented = true
      case 4: typed.append((4, try field.fixed(4)))
      case 5, 7, 11: typed.append((field.number, field.range))
      case 6: typed.append((6, field.range))
      case 8: name = try field.string()
      case 9: raw = try field.message()
      case 10: typed.append((10, try field.fixed(8)))
      case 13: external.append(try OnnxEntry.read(field.message()))
      case 14: isExternal = try field.int() == 1
      default: break
      }
    }
  }

  /// The name of the element type if VisionNet does not support it.
  var unsupportedType: String? { OnnxTypes.type(type) == nil ? OnnxTypes.name(type) : nil }

  /// The approximate number of bytes that each call of `tensor(_:)` allocates; elements stored as in memory
  /// need none.
  var copiedByteCount: Int { typed.reduce(0) { $0 + $1.bytes.count } * 8 }

  /// The tensor: a range of the file if the encoding allows it, otherwise a copy.
  ///
  /// - Parameter folder: the model's folder, in which files of external data may lie.
  func tensor(_ folder: OnnxFolder?) throws(FormatError) -> Tensor {
    guard let element = OnnxTypes.type(type) else {
      throw error(.unsupported, "the element type \(OnnxTypes.name(type)) is not supported")
    }
    guard !isSegmented else { throw error(.unsupported, "tensors in segments are not supported") }
    guard let size = TensorLimits.byteCount(dimensions, element) else {
      throw error(.tooLarge, "the shape \(Shape(dimensions)) is impossible")
    }
    if isExternal || !external.isEmpty {
      guard let folder else {
        throw error(
          .unsupported, "the elements stand in another file, but the model was not read from a folder",
          remedy: "read the model by its path")
      }
      do {
        let bytes = try folder.bytes(external, size: size)
        return TensorLimits.tensor(bytes, dimensions, element)
      } catch { throw error.at(node: name) }
    }
    if let raw {
      guard typed.isEmpty else { throw error(.corrupt, "the elements are given twice") }
      guard raw.count == size else {
        throw error(
          .corrupt,
          "\(raw.count) bytes are given for \(element.rawValue) \(Shape(dimensions)), which takes \(size)")
      }
      return TensorLimits.tensor(raw, dimensions, element)
    }
    return try typedTensor(element, size: size)
  }

  /// The field of `TensorProto` that holds elements of this type.
  private static func field(of type: ElementType) -> Int {
    switch type {
    case .float32: 4
    case .float64: 10
    case .int64: 7
    case .uint32, .uint64: 11
    case .int8, .int16, .int32, .uint8, .uint16, .bool, .float16, .bfloat16: 5
    }
  }

  private func typedTensor(_ element: ElementType, size: Int) throws(FormatError) -> Tensor {
    let wanted = Self.field(of: element)
    if let other = typed.first(where: { $0.field != wanted }) {
      throw error(.corrupt, "elements of \(element.rawValue) stand in field \(other.field), not \(wanted)")
    }
    let given = typed.reduce(0) { $0 + $1.bytes.count }
    let count = size / element.byteCount
    if element == .float32 || element == .float64 {
      guard given == size else { throw countError(given / element.byteCount, count) }
      if typed.count == 1 { return TensorLimits.tensor(typed[0].bytes, dimensions, element) }
      return Tensor(elementType: element, shape: Shape(dimensions)) { target in
        var position = 0
        for chunk in typed {
          chunk.bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(rebasing: target[position...]).copyMemory(from: source)
            position += source.count
          }
        }
      }
    }
    // A number takes at least one byte, so the file size bounds the allocation.
    guard given >= count else { throw countError(given, count) }
    var numbers: [UInt64] = []
    numbers.reserveCapacity(count)
    for chunk in typed {
      var reader = ProtobufReader(chunk.bytes)
      while let number = try reader.nextVarint() { numbers.append(number) }
    }
    guard numbers.count == count else { throw countError(numbers.count, count) }
    return try pack(numbers, element)
  }

  private func pack(_ numbers: [UInt64], _ element: ElementType) throws(FormatError) -> Tensor {
    func list<Number: FixedWidthInteger>(_: Number.Type) throws(FormatError) -> [Number] {
      var result: [Number] = []
      result.reserveCapacity(numbers.count)
      for bits in numbers {
        let value = Number.isSigned ? Number(exactly: Int64(bitPattern: bits)) : Number(exactly: bits)
        guard let value else { throw error(.corrupt, "an element does not fit \(element.rawValue)") }
        result.append(value)
      }
      return result
    }
    let shape = Shape(dimensions)
    switch element {
    case .int8: return Tensor(try list(Int8.self), shape: shape)
    case .int16: return Tensor(try list(Int16.self), shape: shape)
    case .int32: return Tensor(try list(Int32.self), shape: shape)
    case .int64: return Tensor(try list(Int64.self), shape: shape)
    case .uint8: return Tensor(try list(UInt8.self), shape: shape)
    case .uint16: return Tensor(try list(UInt16.self), shape: shape)
    case .uint32: return Tensor(try list(UInt32.self), shape: shape)
    case .uint64: return Tensor(numbers, shape: shape)
    case .bool: return Tensor(numbers.map { $0 != 0 }, shape: shape)
    case .float16, .bfloat16:
      let bits = try list(UInt16.self)
      return Tensor(elementType: element, shape: shape) { target in
        bits.withUnsafeBytes { target.copyMemory(from: $0) }
      }
    case .float32, .float64: throw error(.corrupt, "floats do not stand in integer fields")
    }
  }

  private func countError(_ given: Int, _ wanted: Int) -> FormatError {
    error(.corrupt, "\(given) elements are given for the shape \(Shape(dimensions)), which has \(wanted)")
  }

  private func error(_ kind: FormatError.Kind, _ message: String, remedy: String? = nil) -> FormatError {
    place.error(kind, message, remedy: remedy).at(node: name)
  }
}

/// A `StringStringEntryProto`.
enum OnnxEntry {
  static func read(_ bytes: ByteRange) throws(FormatError) -> (key: String, value: String) {
    var (key, value) = ("", "")
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try field.string()
      case 2: value = try field.string()
      default: break
      }
    }
    return (key, value)
  }
}
