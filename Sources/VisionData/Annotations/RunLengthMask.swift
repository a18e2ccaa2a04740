import VisionSystem

/// The pixels of an object as COCO stores them: lengths of runs of pixels that are alternately outside and
/// inside, column by column from the top left, beginning with those outside.
public struct RunLengthMask: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The lengths of the runs; their sum is `width` × `height`.
  public let counts: [Int]

  /// Nil if a length is negative or the lengths do not add up to the number of pixels.
  public init?(width: Int, height: Int, counts: [Int]) {
    guard width > 0, height > 0, width <= 1 << 20, height <= 1 << 20 else { return nil }
    var rest = width * height
    for count in counts {
      guard count >= 0, count <= rest else { return nil }
      rest -= count
    }
    guard rest == 0 else { return nil }
    (self.width, self.height, self.counts) = (width, height, counts)
  }

  /// The lengths as pycocotools compress them: five bits a character, from the third on the difference from
  /// the length two before.
  ///
  /// - Returns: nil if the text is not such a list, or its lengths do not fit.
  public init?(width: Int, height: Int, compressed text: String) {
    var counts: [Int] = []
    var bytes = text.utf8.makeIterator()
    while let first = bytes.next() {
      var (value, shift, byte) = (0, 0, first)
      while true {
        guard (48..<112).contains(byte), shift <= 50 else { return nil }
        let bits = Int(byte) - 48
        value |= (bits & 0x1f) << shift
        shift += 5
        if bits & 0x20 == 0 {
          if bits & 0x10 != 0 { value |= -1 << shift }
          break
        }
        guard let next = bytes.next() else { return nil }
        byte = next
      }
      counts.append(counts.count > 2 ? value &+ counts[counts.count - 2] : value)
    }
    self.init(width: width, height: height, counts: counts)
  }

  /// The smallest box that holds all pixels inside; nil if there is none.
  public var box: Box? {
    var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
    var position = 0
    for (index, count) in counts.enumerated() {
      if index.isMultiple(of: 2) || count == 0 {
        position += count
        continue
      }
      let (first, last) = (position, position + count - 1)
      left = min(left, first / height)
      right = max(right, last / height)
      // A run that goes on in the next column reaches the bottom of this and the top of that.
      let isOneColumn = first / height == last / height
      top = min(top, isOneColumn ? first % height : 0)
      bottom = max(bottom, isOneColumn ? last % height : height - 1)
      position += count
    }
    guard right >= left else { return nil }
    return Box(
      x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
  }
}
