import VisionSystem
import VisionTensor

/// Writes one message in the protobuf wire format; fields are written in the order of the calls.
struct ProtobufWriter {
  private(set) var chunks = ByteChunks()

  mutating func int(_ field: Int, _ value: Int) {
    key(field, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func float(_ field: Int, _ value: Float) {
    key(field, 5)
    chunks.append(littleEndian: value.bitPattern)
  }

  mutating func string(_ field: Int, _ value: String) {
    key(field, 2)
    varint(UInt64(value.utf8.count))
    chunks.append(value.utf8)
  }

  mutating func bytes(_ field: Int, of tensor: Tensor) {
    key(field, 2)
    varint(UInt64(tensor.byteCount))
    chunks.append(tensor)
  }

  mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    key(field, 2)
    varint(UInt64(inner.chunks.count))
    chunks.append(inner.chunks)
  }

  private mutating func key(_ field: Int, _ wire: UInt64) { varint(UInt64(field) << 3 | wire) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    chunks.append(bytes)
  }
}
