/// How the stored image must be transformed to be upright, numbered as EXIF tag 0x0112 (EXIF 2.32, 4.6.4).
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
  case upright = 1
  case mirroredHorizontally = 2
  case rotated180 = 3
  case mirroredVertically = 4
  case transposed = 5
  case rotated90Clockwise = 6
  case transversed = 7
  case rotated90Counterclockwise = 8

  /// Whether width and height are exchanged.
  public var swapsSides: Bool { rawValue >= 5 }
}

extension Orientation {
  /// The sides of the upright image.
  func upright(_ size: (width: Int, height: Int)) -> (width: Int, height: Int) {
    swapsSides ? (size.height, size.width) : size
  }

  /// Whether the first stored pixel comes to the last column, and whether to the last row.
  var startsAtEnd: (x: Bool, y: Bool) {
    switch self {
    case .upright, .transposed: (false, false)
    case .mirroredHorizontally, .rotated90Clockwise: (true, false)
    case .rotated180, .transversed: (true, true)
    case .mirroredVertically, .rotated90Counterclockwise: (false, true)
    }
  }

  /// The upright image of stored pixels.
  func upright(_ stored: PixelStorage, width: Int, height: Int) throws(ImageError) -> PixelStorage {
    if self == .upright { return stored }
    let target = try PixelStorage(byteCount: width * height * 3)
    let row = swapsSides ? height * 3 : width * 3
    // The offset of stored pixel (0, 0), and the steps in bytes for one stored pixel to the right and one
    // down.
    let end = startsAtEnd
    let start = (end.x ? row - 3 : 0) + (end.y ? width * height * 3 - row : 0)
    let (column, line) = (end.x ? -3 : 3, end.y ? -row : row)
    let (right, down) = swapsSides ? (line, column) : (column, line)
    // Works in blocks, so that both images stay in the cache when rows become columns.
    let block = 32
    for top in stride(from: 0, to: height, by: block) {
      for left in stride(from: 0, to: width, by: block) {
        for y in top..<min(top + block, height) {
          var from = UnsafePointer(stored.base + (y * width + left) * 3)
          var to = target.base + (start + y * down + left * right)
          for _ in left..<min(left + block, width) {
            to[0] = from[0]
            to[1] = from[1]
            to[2] = from[2]
            from += 3
            to += right
          }
        }
      }
    }
    return target
  }
}
