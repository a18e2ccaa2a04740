/// How the stored picture has to be turned to stand upright, numbered as EXIF tag 0x0112 (EXIF 2.32, 4.6.4).
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
  case upright = 1
  case mirroredHorizontally = 2
  case rotated180 = 3
  case mirroredVertically = 4
  case transposed = 5
  case rotated90Clockwise = 6
  case transversed = 7
  case rotated90Counterclockwise = 8

  /// True when width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }
}

extension Orientation {
  /// The upright picture of stored pixels.
  func upright(_ stored: PixelStorage, width: Int, height: Int) throws(ImageError) -> PixelStorage {
    if self == .upright { return stored }
    let target = try PixelStorage(byteCount: width * height * 3)
    let row = swapsSides ? height * 3 : width * 3
    // Where stored pixel (0, 0) lands, and the steps in bytes for one pixel to the right and one down.
    let last = width * height * 3 - 3
    let (start, right, down): (Int, Int, Int) =
      switch self {
      case .upright: (0, 3, row)
      case .mirroredHorizontally: (row - 3, -3, row)
      case .rotated180: (last, -3, -row)
      case .mirroredVertically: (last - (row - 3), 3, -row)
      case .transposed: (0, row, 3)
      case .rotated90Clockwise: (row - 3, row, -3)
      case .transversed: (last, -row, -3)
      case .rotated90Counterclockwise: (last - (row - 3), -row, 3)
      }
    // Blocks keep both sides in the cache when rows become columns.
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
