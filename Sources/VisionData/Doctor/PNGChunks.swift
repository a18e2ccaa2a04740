import VisionSystem
import VisionTensor

/// The chunks of a PNG before its pixels.
struct PNGChunks {
  /// A transparent color or a palette with transparency (`tRNS`).
  private(set) var isTransparent = false

  init(_ bytes: UnsafeRawBufferPointer) {
    func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) } }
    var offset = 8
    while offset <= bytes.count - 12 {
      let (length, name) = (number(offset), number(offset + 4))
      switch name {
      case 0x7452_4e53: isTransparent = true
      case 0x4944_4154, 0x4945_4e44: return
      default: break
      }
      offset += length + 12
    }
  }
}
