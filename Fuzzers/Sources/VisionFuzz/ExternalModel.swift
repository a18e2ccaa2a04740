/// The smallest ONNX model with external data: y = w, w being one float32 in another file.
enum ExternalModel {
  struct Failure: Error {}

  static func write(location: String, to path: String) throws {
    let bytes = Self.bytes(location: location)
    guard let file = fopen(path, "wb") else { throw Failure() }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure() }
  }

  private static func bytes(location: String) -> [UInt8] {
    let entry = field(1, Array("location".utf8)) + field(2, Array(location.utf8))
    let weight =
      number(1, 1) + number(2, 1) + field(8, Array("w".utf8)) + field(13, entry) + number(14, 1)
    let identity = field(1, Array("w".utf8)) + field(2, Array("y".utf8)) + field(4, Array("Identity".utf8))
    let type = field(1, number(1, 1) + field(2, field(1, number(1, 1))))
    let output = field(1, Array("y".utf8)) + field(2, type)
    let graph = field(1, identity) + field(2, Array("g".utf8)) + field(5, weight) + field(12, output)
    return number(1, 8) + field(7, graph) + field(8, number(2, 17))
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, result) = (value, [UInt8]())
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  private static func number(_ field: Int, _ value: Int) -> [UInt8] { varint(field << 3) + varint(value) }

  private static func field(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(bytes.count) + bytes
  }
}
