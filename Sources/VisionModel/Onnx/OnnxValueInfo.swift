/// A `ValueInfoProto`: the declaration of an input or output of the graph.
struct OnnxValueInfo {
  /// One extent as declared.
  enum Extent {
    case fixed(Int)
    case named(String)
    case unknown
  }

  var name = ""
  /// The number of the element type, if the value is a tensor.
  var type: Int?
  /// The kind of the value, if it is not a tensor.
  var otherKind: String?
  /// The extents, or nil if even the number of axes is open.
  var extents: [Extent]?
  let place: ByteRange

  init(_ bytes: ByteRange) throws(FormatError) {
    place = bytes
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.string()
      case 2: try readType(field.message())
      default: break
      }
    }
  }

  private mutating func readType(_ bytes: ByteRange) throws(FormatError) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: try readTensor(field.message())
      case 4: otherKind = "sequence"
      case 5: otherKind = "map"
      case 7: otherKind = "opaque"
      case 8: otherKind = "sparse tensor"
      case 9: otherKind = try Self.isSequence(field.message()) ? "optional sequence" : "optional"
      default: break
      }
    }
  }

  /// Whether an optional holds a sequence.
  private static func isSequence(_ bytes: ByteRange) throws(FormatError) -> Bool {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      var element = ProtobufReader(try field.message())
      while let kind = try element.next() { if kind.number == 4 { return true } }
    }
    return false
  }

  private mutating func readTensor(_ bytes: ByteRange) throws(FormatError) {
    type = 0
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: type = try field.int()
      case 2:
        var list: [Extent] = []
        var shape = ProtobufReader(try field.message())
        while let dimension = try shape.next() {
          if dimension.number == 1 { list.append(try Self.extent(dimension.message())) }
          guard list.count <= TensorLimits.rank else {
            throw bytes.error(.tooLarge, "a shape has more than \(TensorLimits.rank) axes").at(node: name)
          }
        }
        extents = list
      default: break
      }
    }
  }

  private static func extent(_ bytes: ByteRange) throws(FormatError) -> Extent {
    var result = Extent.unknown
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        // Some exporters write -1 for "unknown"; zero is an ordinary extent.
        let extent = try field.int()
        result = extent < 0 ? .unknown : .fixed(extent)
      case 2:
        // Some exporters, such as PaddlePaddle's, write "?" for every open axis, which names none.
        let name = try field.string()
        result = name.contains { $0.isLetter || $0.isNumber } ? .named(name) : .unknown
      default: break
      }
    }
    return result
  }
}
