package import VisionData
package import VisionImage
import VisionTensor

extension FaceAlignment {
  /// Pixels between the eyes below which nobody can tell an expression.
  private static let leastEyeDistance = 8.0

  /// The image of a face's expression, in the size that it has in the photo, for a network that scales it further; nil where the
  /// face is too small, or its points do not say how it lies.
  ///
  /// - Throws: `outOfMemory`.
  package static func expression(of points: [ImagePoint], in image: Image) throws(ImageError) -> Image? {
    guard points.count >= 2 else { return nil }
    let (dx, dy) = (points[1].x - points[0].x, points[1].y - points[0].y)
    guard dx * dx + dy * dy >= leastEyeDistance * leastEyeDistance,
      let side = expression.naturalSide(of: points, in: 48...512)
    else { return nil }
    return try expression.image(of: points, in: image, side: side)
  }
}
