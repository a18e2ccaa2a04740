/// ONNX files of networks that run in stages, written by hand.
enum StagedNetwork {
  /// y = the positions of the elements of x that are not zero; the extent of x is open.
  static var nonZero: [UInt8] {
    let node = text(1, "x") + text(2, "y") + text(4, "NonZero")
    let graph =
      message(1, node) + message(11, port("x", type: 1, open: true))
      + message(12, port("y", type: 7, open: false))
    return file(graph)
  }

  /// y = the last tensor of the sequence list.
  static var last: [UInt8] {
    let position = integer(2, 7) + integer(7, -1) + text(8, "i")
    let node = text(1, "list") + text(1, "i") + text(2, "y") + text(4, "SequenceAt")
    let copy = text(1, "list") + text(2, "all") + text(4, "Identity")
    let list = text(1, "list") + message(2, message(4, message(1, message(1, integer(1, 1)))))
    let all = text(1, "all") + message(2, message(4, message(1, message(1, integer(1, 1)))))
    let graph =
      message(1, node) + message(1, copy) + message(5, position) + message(11, list)
      + message(12, text(1, "y") + message(2, message(1, integer(1, 1)))) + message(12, all)
    return file(graph)
  }

  private static func file(_ graph: [UInt8]) -> [UInt8] {
    integer(1, 8) + message(7, graph) + message(8, integer(2, 17))
  }

  private static func port(_ name: String, type: Int, open: Bool) -> [UInt8] {
    let shape = open ? message(2, message(1, text(2, "n"))) : []
    return text(1, name) + message(2, message(1, integer(1, type) + shape))
  }

  private static func integer(_ field: Int, _ value: Int) -> [UInt8] {
    [UInt8(field << 3)] + varint(UInt64(bitPattern: Int64(value)))
  }

  private static func text(_ field: Int, _ value: String) -> [UInt8] { message(field, Array(value.utf8)) }

  private static func message(_ field: Int, _ content: [UInt8]) -> [UInt8] {
    [UInt8(field << 3 | 2)] + varint(UInt64(content.count)) + content
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
