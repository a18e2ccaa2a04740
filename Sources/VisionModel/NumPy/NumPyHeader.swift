import VisionSystem
import VisionTensor

/// The header of a `.npy` file: a Python dictionary with three known keys, parsed without Python.
struct NumPyHeader {
  private(set) var type = ElementType.float32
  /// True when the bytes of each element are in big-endian order.
  private(set) var isSwapped = false
  private(set) var isFortran = false
  private(set) var shape: [Int] = []

  private static let types: [(code: String, type: ElementType)] = [
    ("f4", .float32), ("f8", .float64), ("f2", .float16), ("i1", .int8), ("i2", .int16), ("i4", .int32),
    ("i8", .int64), ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("b1", .bool),
    // ml_dtypes says only how many bytes its types have.
    ("V1", .uint8), ("V2", .uint16), ("f1", .uint8),
  ]

  /// NumPy's descriptor of a type, little-endian.
  static func descriptor(_ type: ElementType) -> String {
    let code = types.first { $0.type == type }?.code ?? "f4"
    return (type.byteCount == 1 ? "|" : "<") + code
  }

  init(_ bytes: ByteRange) throws(FormatError) {
    var scanner = Scanner(bytes: bytes)
    var seen: Set<String> = []
    try scanner.expect("{")
    while !scanner.skip("}") {
      let key = try scanner.string()
      guard seen.insert(key).inserted else { throw scanner.error("the key '\(key)' is given twice") }
      try scanner.expect(":")
      switch key {
      case "descr": try read(descriptor: scanner.string(), bytes)
      case "fortran_order": isFortran = try scanner.bool()
      case "shape": shape = try scanner.tuple()
      default: throw scanner.error("the key '\(key)' is unknown")
      }
      if !scanner.skip(",") {
        try scanner.expect("}")
        break
      }
    }
    guard scanner.isAtEnd else { throw scanner.error("something follows the header") }
    guard seen.count == 3 else { throw scanner.error("the header lacks descr, fortran_order or shape") }
  }

  private mutating func read(descriptor: String, _ bytes: ByteRange) throws(FormatError) {
    guard let order = descriptor.first, "<>|=".contains(order),
      let type = Self.types.first(where: { $0.code == descriptor.dropFirst() })?.type
    else {
      throw bytes.error(
        .unsupported, "the NumPy type '\(descriptor)' is not supported",
        remedy: "convert it with astype('float32')")
    }
    self.type = type
    self.isSwapped = order == ">" && type.byteCount > 1
  }

  /// Reads the few forms of Python literals that occur in headers.
  private struct Scanner {
    let bytes: ByteRange
    var position = 0

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return position == bytes.count
      }
    }

    func error(_ message: String) -> FormatError { bytes.error(.corrupt, message, at: position) }

    mutating func skipSpace() {
      while let byte = bytes[position], byte == 0x20 || byte == 0x0A || byte == 0x09 { position += 1 }
    }

    mutating func skip(_ symbol: Character) -> Bool {
      skipSpace()
      guard let byte = bytes[position], byte == symbol.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func expect(_ symbol: Character) throws(FormatError) {
      guard skip(symbol) else { throw error("the header wants '\(symbol)' here") }
    }

    mutating func string() throws(FormatError) -> String {
      skipSpace()
      guard let quote = bytes[position], quote == 0x27 || quote == 0x22 else {
        throw bytes.error(
          bytes[position] == 0x5B ? .unsupported : .corrupt,
          bytes[position] == 0x5B
            ? "structured NumPy types are not supported" : "the header wants a text here",
          at: position)
      }
      let start = position + 1
      position = start
      while let byte = bytes[position], byte != quote { position += 1 }
      guard bytes[position] == quote, let text = bytes.slice(start, position - start)?.string else {
        throw error("a text does not end")
      }
      position += 1
      return text
    }

    mutating func word() -> String {
      skipSpace()
      var word = ""
      while let byte = bytes[position], byte.isWord {
        word.unicodeScalars.append(Unicode.Scalar(byte))
        position += 1
      }
      return word
    }

    mutating func bool() throws(FormatError) -> Bool {
      switch word() {
      case "True": return true
      case "False": return false
      default: throw error("the header wants True or False here")
      }
    }

    mutating func tuple() throws(FormatError) -> [Int] {
      var result: [Int] = []
      try expect("(")
      while !skip(")") {
        var word = word()
        // Python 2 wrote long integers with the suffix L.
        if word.hasSuffix("L") { word.removeLast() }
        guard let extent = Int(word), extent >= 0, result.count < TensorLimits.rank else {
          throw error("the shape is none")
        }
        result.append(extent)
        if !skip(",") {
          try expect(")")
          break
        }
      }
      return result
    }
  }
}

extension UInt8 {
  fileprivate var isWord: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}
