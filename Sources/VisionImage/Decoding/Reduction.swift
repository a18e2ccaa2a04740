import VisionSystem
import VisionTensor

/// How the pixels of an image decoded at a smaller size correspond to those of the whole image.
struct Reduction: Sendable {
  /// Each pixel represents a square of `part` × `part` pixels of the whole image.
  var part: Int
  /// The columns and rows missing from the first of these squares. They are not 0 if a side of the whole
  /// image is not a multiple of `part`, and its incomplete squares have come first by the orientation.
  var missing: (x: Int, y: Int)

  static let none = Reduction(part: 1, missing: (0, 0))

  /// - Parameters:
  ///   - whole: the sides of the whole, upright image.
  init(_ part: Int, whole: (width: Int, height: Int), _ orientation: Orientation) {
    func missing(_ side: Int, _ isFirst: Bool) -> Int { isFirst ? (part - side % part) % part : 0 }
    let end = orientation.startsAtEnd
    self.init(part: part, missing: (missing(whole.width, end.x), missing(whole.height, end.y)))
  }

  /// From positions in the whole image to those in the smaller one.
  var map: AffineMap {
    let scale = 1 / Double(part)
    return AffineMap(a: scale, tx: Double(missing.x) * scale, d: scale, ty: Double(missing.y) * scale)
  }

  private init(part: Int, missing: (x: Int, y: Int)) { (self.part, self.missing) = (part, missing) }
}
