/// The numbers of a tensor in JSON: flat, or nested as its shape is.
struct TensorData: Decodable {
  private(set) var numbers: [Float] = []

  /// More levels than any shape has are refused, so that nesting cannot exhaust the stack.
  private static let deepest = 16

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    if let count = list.count { numbers.reserveCapacity(count) }
    try read(&list, depth: 1)
  }

  private mutating func read(_ list: inout any UnkeyedDecodingContainer, depth: Int) throws {
    guard depth <= Self.deepest else {
      throw ServiceError(.malformed, "the data is nested more than \(Self.deepest) times")
    }
    while !list.isAtEnd {
      if let number = try? list.decode(Float.self) {
        numbers.append(number)
      } else {
        var inner = try list.nestedUnkeyedContainer()
        try read(&inner, depth: depth + 1)
      }
    }
  }
}
