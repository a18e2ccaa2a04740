import VisionSystem
package import VisionTensor

/// Bytes to write, in chunks, so that the elements of tensors need not be copied.
package struct ByteChunks: Sendable {
  enum Chunk: Sendable {
    case bytes([UInt8])
    case tensor(Tensor)
  }

  private var closed: [Chunk] = []
  private var tail: [UInt8] = []
  /// The total number of bytes.
  package private(set) var count = 0

  package init() {}

  /// The chunks in order.
  var chunks: [Chunk] { tail.isEmpty ? closed : closed + [.bytes(tail)] }

  package mutating func append(_ bytes: some Collection<UInt8>) {
    tail.append(contentsOf: bytes)
    count += bytes.count
  }

  package mutating func append(_ tensor: Tensor) {
    if !tail.isEmpty { closed.append(.bytes(tail)) }
    tail = []
    closed.append(.tensor(tensor))
    count += tensor.byteCount
  }

  mutating func append(_ other: ByteChunks) {
    for chunk in other.chunks {
      switch chunk {
      case .bytes(let bytes): append(bytes)
      case .tensor(let tensor): append(tensor)
      }
    }
  }

  package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    append(withUnsafeBytes(of: number.littleEndian) { Array($0) })
  }

  /// All bytes in one array.
  package var array: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for chunk in chunks {
      switch chunk {
      case .bytes(let bytes): result += bytes
      case .tensor(let tensor): tensor.withUnsafeBytes { result.append(contentsOf: $0) }
      }
    }
    return result
  }
}
