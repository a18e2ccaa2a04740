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
    // Files hold two elements of 4 bits a byte.
    let stored = element.isFourBits ? size / 2 + size % 2 : size
    if isExternal || !external.isEmpty {
      guard let folder else {
        throw error(
          .unsupported, "the elements stand in another file, but the model was not read from a folder",
          remedy: "read the model by its path")
      }
      do {
        let bytes = try folder.bytes(external, size: stored)
        return element.isFourBits
          ? unpacked(bytes.array, element) : TensorLimits.tensor(bytes, dimensions, element)
      } catch { throw error.at(node: name) }
    }
    if let raw {
      guard typed.isEmpty else { throw error(.corrupt, "the elements are given twice") }
      guard raw.count == stored else {
        throw error(
          .corrupt,
          "\(raw.count) bytes are given for \(element.rawValue) \(Shape(dimensions)), which takes \(stored)")
      }
      if element.isFourBits { return unpacked(raw.array, element) }
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
    default: 5
    }
  }

  private func typedTensor(_ element: ElementType, size: Int) throws(FormatError) -> Tensor {
    let wanted = Self.field(of: element)
    if let other = typed.first(where: { $0.field != wanted }) {
      throw error(.corrupt, "elements of \(element.rawValue) stand in field \(other.field), not \(wanted)")
    }
    let given = typed.reduce(0) { $0 + $1.bytes.count }
    let elements = size / element.byteCount
    let count = element.isFourBits ? elements / 2 + elements % 2 : elements
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
    case .float16, .bfloat16: return Tensor(try list(UInt16.self), shape: shape).reinterpreted(as: element)
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
      return Tensor(try list(UInt8.self), shape: shape).reinterpreted(as: element)
    case .float4e2m1, .int4, .uint4: return unpacked(try list(UInt8.self), element)
    case .float32, .float64: throw error(.corrupt, "floats do not stand in integer fields")
    }
  }

  /// Elements of 4 bits, of which each byte holds two, the first in its low bits.
  ///
  /// Precondition: there are as many bytes as the shape takes.
  private func unpacked(_ bytes: [UInt8], _ element: ElementType) -> Tensor {
    let shape = Shape(dimensions)
    let codes = (0..<shape.elementCount).map { bytes[$0 / 2] >> ($0 % 2 == 0 ? 0 : 4) & 15 }
    return Tensor(codes, shape: shape).reinterpreted(as: element)
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
