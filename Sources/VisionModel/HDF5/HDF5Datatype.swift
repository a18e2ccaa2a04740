import VisionSystem
import VisionTensor

/// The type of an HDF5 element.
enum HDF5Datatype: Equatable {
  case number(ElementType)
  /// Text of that many bytes.
  case text(Int)
  /// Text of any length in a heap.
  case longText
  /// Another type, for messages.
  case other(String, bytes: Int)

  /// - Parameter isLimited: for the base type of another one, which may not have one again.
  init(_ bytes: ByteRange) throws(FormatError) {
    var cursor = HDF5Cursor(bytes)
    let head = try cursor.byte()
    let flags = try cursor.byte() | cursor.byte() << 8 | cursor.byte() << 16
    let size = try cursor.word()
    switch head & 15 {
    case 0:
      let (offset, precision) = (try cursor.short(), try cursor.short())
      let isSigned = flags & 8 != 0
      let types: [Int: ElementType] = isSigned ? [1: .int8, 2: .int16, 4: .int32, 8: .int64] : [1: .uint8]
      guard flags & 1 == 0, offset == 0, precision == size * 8, let type = types[size] else {
        self = .other("integers of \(precision) bits", bytes: size)
        return
      }
      self = .number(type)
    case 1:
      let (offset, precision) = (try cursor.short(), try cursor.short())
      let layout = [try cursor.byte(), try cursor.byte(), try cursor.byte(), try cursor.byte()]
      let bias = try cursor.word()
      let types: [Int: (ElementType, [Int], Int)] = [
        2: (.float16, [10, 5, 0, 10], 15), 4: (.float32, [23, 8, 0, 23], 127),
        8: (.float64, [52, 11, 0, 52], 1023),
      ]
      guard flags & 0x41 == 0, offset == 0, precision == size * 8, let (type, usual, usualBias) = types[size],
        layout == usual, bias == usualBias
      else {
        self = .other("floating-point numbers of \(precision) bits of an unusual form", bytes: size)
        return
      }
      self = .number(type)
    case 3: self = .text(size)
    case 9 where flags & 15 == 1 && size == 16: self = .longText
    case let code:
      let names = [
        2: "times", 4: "bit fields", 5: "opaque data", 6: "compounds", 7: "references", 8: "enumerations",
      ]
      self = .other(names[code] ?? "type \(code)", bytes: size)
    }
  }

  /// The bytes of an element in the file.
  var byteCount: Int {
    switch self {
    case .number(let type): type.byteCount
    case .text(let count): count
    case .longText: 16
    case .other(_, let bytes): bytes
    }
  }
}
