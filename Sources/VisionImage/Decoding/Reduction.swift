import VisionSystem
import VisionTensor

/// How the pixels of an image that was decoded smaller lie in the whole one.
struct Reduction: Sendable {
  /// The side of the square of the whole image's pixels that a pixel stands for.
  var part: Int
  /// Columns and rows that the first of these squares lack, because the whole image's sides are no multiples and it was
  /// turned.
  var missing: (x: Int, y: Int)

  static let none = Reduction(part: 1, missing: (0, 0))

  /// - Parameters:
  ///   - whole: the sides of the whole image, upright.
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
