import VisionGraph
import VisionTensor
import VisionSystem

/// Which values of a graph depend on constants, and a hash of these.
///
/// The hash is 64-bit FNV-1a over whole words: the same in every process, as files of packed weights are kept by it.
struct ConstantOrigins {
  private var hashes: [ValueID: UInt64?] = [:]

  /// The hash of the constants behind a value that does not change between runs; nil where there are none.
  mutating func origin(of value: ValueID, in graph: Graph) -> UInt64? {
    if let known = hashes[value] { return known }
    var result: UInt64?
    switch graph[value].source {
    case .constant(let tensor): result = Self.hash(of: tensor)
    case .input, .parameter: result = nil
    case .node:
      if let node = graph.producer(of: value) { result = origin(of: node.inputs, in: graph) }
    }
    hashes[value] = .some(result)
    return result
  }

  /// That of several values, nil ones included.
  mutating func origin(of values: [ValueID?], in graph: Graph) -> UInt64? {
    let parts = values.map { value in value.flatMap { origin(of: $0, in: graph) } }
    guard parts.contains(where: { $0 != nil }) else { return nil }
    return parts.reduce(Self.start) { Self.mixed($0, $1 ?? 0) }
  }

  private static let start: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x0000_0100_0000_01b3
    // Low bits of a product do not know the high bits of its factors.
    return product ^ (product >> 29)
  }

  private static func hash(of tensor: Tensor) -> UInt64 {
    var hash = tensor.shape.dimensions.reduce(start) { mixed($0, UInt64($1)) }
    for byte in tensor.elementType.rawValue.utf8 { hash = mixed(hash, UInt64(byte)) }
    let bytes = UnsafeRawBufferPointer(start: tensor.storage.base, count: tensor.storage.byteCount)
    defer { withExtendedLifetime(tensor) {} }
    let words = bytes.count / 8
    for index in 0..<words {
      hash = mixed(hash, bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    for index in words * 8..<bytes.count { hash = mixed(hash, UInt64(bytes[index])) }
    return hash
  }
}
